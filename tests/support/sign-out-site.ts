import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './listen.js';

/** A site that remembers its sessions, and who signed them out. The password of an account is `password-of-NAME`. */
export interface SignOutSite {
  readonly url: string;
  readonly sessions: readonly SiteSession[];
  close(): Promise<void>;
}

export interface SiteSession {
  readonly account: string;
  readonly number: number;
  isOpen: boolean;
  /** How often it was asked for while it was open. */
  uses: number;
}

/** How to sign in and out there: a flow's text. An account that begins with `stuck` cannot be signed out. */
export const signOutFlow = `
  import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({
    async create({ page, credentials }) {
      await page.goto('/sign-in');
      await page.getByLabel('Password').fill(credentials.password);
      await page.getByRole('button').click();
      await page.getByText('You are').waitFor();
    },
    async check({ request }) { return (await request.get('/me')).ok(); },
    async destroy({ request }) {
      const answer = await request.post('/sign-out');
      if (!answer.ok()) throw new Error('The server answered ' + answer.status());
    },
  });`;

export async function createSignOutSite(): Promise<SignOutSite> {
  const sessions: SiteSession[] = [];
  const ofCookie = ({ headers }: IncomingMessage) => {
    const number = Number(/sid=canary-session-(\d+)/.exec(headers.cookie ?? '')?.[1] ?? -1);
    const found = sessions[number];
    return found?.isOpen ? found : undefined;
  };
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-type', 'text/html');
    if (pathname === '/sign-in' && request.method === 'POST') {
      const account =
        new URLSearchParams(await text(request)).get('password')?.replace('password-of-', '') ?? '';
      sessions.push({ account, number: sessions.length, isOpen: true, uses: 0 });
      response.setHeader('set-cookie', `sid=canary-session-${sessions.length - 1}; HttpOnly; Path=/`);
      response.end(`You are ${account}`);
      return;
    }
    if (pathname === '/sign-in') {
      response.end(form);
      return;
    }
    const session = ofCookie(request);
    const stuck = pathname === '/sign-out' && session?.account.startsWith('stuck');
    response.statusCode = !session ? 401 : stuck ? 503 : 200;
    if (session && pathname === '/sign-out' && !stuck) session.isOpen = false;
    if (session && pathname === '/') session.uses += 1;
    response.end(session ? `You are ${session.account} in session ${session.number}` : 'Nobody');
  };
  const server = createServer((request, response) => {
    reply(request, response).catch(() => response.destroy());
  });
  const { url, close } = await listen(server);
  return {
    url,
    sessions,
    close,
  };
}

const form = `<!doctype html><title>Sign in</title><form method="post"><label>Password <input type="password" name="password"></label><button>Go</button></form>`;
