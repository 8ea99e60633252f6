import { isId } from './sdk-text.js';

/**
 * For a reference with an ID, the SDK reports any failure as "nothing matched": it then tries the ID as a name. For an
 * Environment, it reports an unexpected error. The actual failure is visible in its requests.
 */
export interface HiddenFailures {
  /** Records the response to a request. */
  noteAnswer(request: Request, answer: Response): Promise<void>;
  /** Records a request without a response. */
  noteSilence(request: Request): void;
  /** The current position, for `since`. */
  mark(): number;
  /** The SDK's own words for the actual failure of a reference; `undefined` if its report was right. */
  since(moment: number, text: string): Error | undefined;
}

export function createHiddenFailures(): HiddenFailures {
  let moment = 0;
  let failures: { readonly moment: number; readonly path: string; readonly words: string }[] = [];

  function note({ url }: Request, words: string): void {
    moment += 1;
    failures = [...failures.slice(1 - mostKept), { moment, path: new URL(url).pathname, words }];
  }

  return {
    async noteAnswer(request, answer) {
      if (!partsOfItems.test(request.url)) return;
      const words = answer.status === 200 ? await wordsOfBody(answer.clone()) : wordsOfStatus(answer.status);
      if (words !== undefined) note(request, words);
    },
    noteSilence: (request) => note(request, unreachable),
    mark: () => moment,
    since(start, text) {
      const [scheme, , vault = '', item = ''] = text.split('/');
      const isOfReference = (path: string) =>
        scheme === 'op-env:'
          ? path.split('/').includes(vault)
          : isId(item)
            ? path.endsWith(`/item/${item}`)
            : isId(vault) && path.includes(`/vault/${vault}/`);
      const found = failures.find(({ moment: when, path }) => when > start && isOfReference(path));
      return found && new Error(scheme === 'op-env:' ? `Environment: ${found.words}` : found.words);
    },
  };
}

/** A complete encrypted message is not inspected. */
async function wordsOfBody(answer: Response): Promise<string | undefined> {
  const text = await answer.text().catch(() => '');
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && 'data' in message ? undefined : foreign;
  } catch {
    return text.startsWith('{') || text === '' ? 'EOF while parsing' : foreign;
  }
}

function wordsOfStatus(status: number): string | undefined {
  if (status === 404) return undefined;
  if (status >= 500) return 'internal server error';
  return wordsByStatus[status] ?? 'unexpected status code in response';
}

const mostKept = 100;
const partsOfItems = /\/vault\/[^/]+(?:\/items\/overviews|\/item\/[^/]+)?$/;
const unreachable = 'error sending request';
const foreign = 'when deserializing';
const wordsByStatus: Readonly<Record<number, string>> = {
  401: 'bad credentials, please retry',
  403: 'right permissions',
  409: 'conflict occurred on the server',
  429: 'rate limit exceeded',
};
