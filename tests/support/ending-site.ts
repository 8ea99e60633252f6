import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './listen.js';

/**
 * A site that ends sessions by itself. An account's password is `password-of-` and its name. It counts an account's
 * requests with a living session; those that its plan names end the session, and are refused.
 */
export interface EndingSite {
  readonly url: string;
  /** How often each account signed in. */
  readonly signIns: ReadonlyMap<string, number>;
  /** How many living sessions of each account the site ended. */
  readonly ends: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** The requests that end a session, by account, from 1. */
export type EndPlan = Readonly<Record<string, readonly number[]>>;

/** How to sign in there: a flow's text. */
export const endingFlow = `
  import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({
    async create({ request, credentials }) {
      await request.post('/sign-in', { form: { password: credentials.password } });
    },
    async check({ request }) { return (await request.get('/api/me')).ok(); },
  });`;

export async function createEndingSite(plan: EndPlan): Promise<EndingSite> {
  const signIns = new Map<string, number>();
  const ends = new Map<string, number>();
  const asked = new Map<string, number>();
  const living = new Map<string, string>();
  const countIn = (counts: Map<string, number>, account: string) => {
    const count = (counts.get(account) ?? 0) + 1;
    counts.set(account, count);
    return count;
  };
  const reply = async (request: IncomingMessage): Promise<Reply> => {
    if (request.url === '/sign-in') {
      const password = new URLSearchParams(await text(request)).get('password') ?? '';
      const account = password.replace('password-of-', '');
      const token = `session-${countIn(signIns, account)}-of-${account}`;
      living.set(token, account);
      return { status: 200, cookie: `session=${token}; HttpOnly; Path=/`, body: account };
    }
    const token = /session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const account = living.get(token);
    if (account === undefined) return { status: 401, body: 'Nobody' };
    if (!plan[account]?.includes(countIn(asked, account))) return { status: 200, body: account };
    living.delete(token);
    countIn(ends, account);
    return { status: 401, body: 'Ended' };
  };
  const server = createServer((request, response) => {
    reply(request).then(
      ({ status, cookie, body }) =>
        response
          .writeHead(status, {
            'content-type': 'text/html',
            ...(cookie !== undefined && { 'set-cookie': cookie }),
          })
          .end(
            `<!doctype html><title>Sessions</title><link rel="icon" href="data:,"><output>${body}</output>`,
          ),
      () => response.destroy(),
    );
  });
  const { url, close } = await listen(server);
  return {
    url,
    signIns,
    ends,
    close,
  };
}

interface Reply {
  readonly status: number;
  readonly cookie?: string;
  readonly body: string;
}
