import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './listen.js';

/**
 * A site of many accounts: the password is `password-of-` and the account's name. It writes down who worked with which account. The tokens
 * of accounts that begin with `solo` are for one use: each answer replaces the cookie. With `solo-storage` the token is in
 * localStorage, and `/refresh` answers with the next one. `/busy` and `/busy-storage` replace it every 20 ms until they
 * are closed.
 */
export interface AccountsSite {
  readonly url: string;
  /** How often each account signed in. */
  readonly signIns: ReadonlyMap<string, number>;
  /** Who worked with which account, in order. */
  readonly work: readonly { readonly account: string; readonly by: string }[];
  /** How many used each account at once, by its `/begin?by=…` and `/end?by=…`. */
  readonly mostAtOnce: ReadonlyMap<string, number>;
  /** Requests with a token that was used up, or never given. */
  readonly refused: number;
  close(): Promise<void>;
}

/** How to sign in there: a flow's text. */
export const accountsFlow = `
  import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({
    async create({ page, credentials }) {
      await page.goto('/sign-in');
      await page.getByLabel('Password').fill(credentials.password);
      await page.getByRole('button').click();
      await page.getByText('Signed in').waitFor();
    },
    async check({ request }) { return (await request.get('/check')).ok(); },
  });`;

export async function createAccountsSite(): Promise<AccountsSite> {
  const signIns = new Map<string, number>();
  const accepted = new Map<string, string>();
  const work: { account: string; by: string }[] = [];
  const using = new Map<string, Set<string>>();
  const mostAtOnce = new Map<string, number>();
  let refused = 0;
  let tokens = 0;
  const begin = (account: string, by: string) => {
    const users = (using.get(account) ?? new Set()).add(by);
    using.set(account, users);
    mostAtOnce.set(account, Math.max(users.size, mostAtOnce.get(account) ?? 0));
  };
  const nextToken = (account: string) => {
    const token = `${account}.single-use-token-${(tokens += 1)}`;
    accepted.set(account, token);
    return token;
  };
  const reply = async (request: IncomingMessage): Promise<Reply> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/sign-in' && request.method === 'POST') {
      const account =
        new URLSearchParams(await text(request)).get('password')?.replace('password-of-', '') ?? '';
      signIns.set(account, (signIns.get(account) ?? 0) + 1);
      const token = accepted.get(account) ?? nextToken(account);
      if (account !== 'solo-storage') return { status: 200, token };
      return { status: 200, body: `Signed in<script>localStorage.token = '${token}'</script>` };
    }
    if (pathname === '/sign-in') return { status: 200, body: form };
    if (pathname === '/busy-storage') return { status: 200, body: busyStorage };
    if (pathname === '/favicon.ico') return { status: 404 };
    const token = String(
      request.headers['x-token'] ?? /token=([\w.-]+)/.exec(request.headers.cookie ?? '')?.[1],
    );
    const [account = ''] = token.split('.');
    if (accepted.get(account) !== token) {
      refused += 1;
      return { status: 401 };
    }
    const by = searchParams.get('by') ?? '';
    if (pathname === '/work') work.push({ account, by });
    if (pathname === '/begin') begin(account, by);
    if (pathname === '/end') using.get(account)?.delete(by);
    if (pathname === '/refresh') return { status: 200, body: nextToken(account) };
    if (pathname === '/busy') return { status: 200, token: nextToken(account), body: busy };
    return account.startsWith('solo') ? { status: 200, token: nextToken(account) } : { status: 200 };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { status, token, body = 'Signed in' } = await reply(request);
    const cookie = token === undefined ? {} : { 'set-cookie': `token=${token}; HttpOnly; Path=/` };
    response
      .writeHead(status, { 'content-type': 'text/html', ...cookie })
      .end(request.url === '/refresh' ? body : `<!doctype html><title>Accounts</title><body>${body}`);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const { url, close } = await listen(server);
  return {
    url,
    signIns,
    work,
    mostAtOnce,
    get refused() {
      return refused;
    },
    close,
  };
}

interface Reply {
  readonly status: number;
  /** A new cookie. */
  readonly token?: string;
  readonly body?: string;
}

const busy = `<output>0</output><script type="module">
  for (let n = 1; (await fetch('/work?by=page')).ok; n += 1) {
    document.querySelector('output').textContent = n;
    await new Promise((end) => setTimeout(end, 20));
  }
  document.querySelector('output').textContent = 'refused';
</script>`;

const busyStorage = `<output>0</output><script type="module">
  for (let n = 1; ; n += 1) {
    const answer = await fetch('/refresh', { headers: { 'x-token': localStorage.token } });
    if (!answer.ok) break;
    localStorage.token = await answer.text();
    document.querySelector('output').textContent = n;
    await new Promise((end) => setTimeout(end, 20));
  }
  document.querySelector('output').textContent = 'refused';
</script>`;

const form = `<form method="post"><label>Password <input type="password" name="password"></label><button>Go</button></form>`;
