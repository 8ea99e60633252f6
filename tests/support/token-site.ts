import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.js';

/** A site with single-use tokens: each answer replaces the cookie, and one that was used up is refused. It counts. */
export interface TokenSite {
  readonly url: string;
  readonly signIns: number;
  /** Requests that came with a token that was used up. */
  readonly reused: number;
  readonly checks: number;
  close(): Promise<void>;
}

/** How to sign in there: a flow's text. */
export const tokenFlow = `
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

export async function createTokenSite(): Promise<TokenSite> {
  const state = { signIns: 0, reused: 0, checks: 0, tokens: 0, accepted: '' };
  const server = createServer((request, response) => answer(request, response, state));
  const { url, close } = await listen(server);
  return {
    url,
    get signIns() {
      return state.signIns;
    },
    get reused() {
      return state.reused;
    },
    get checks() {
      return state.checks;
    },
    close,
  };
}

interface State {
  signIns: number;
  reused: number;
  checks: number;
  tokens: number;
  accepted: string;
}

function answer(request: IncomingMessage, response: ServerResponse, state: State): void {
  const { status = 200, body, cookie } = reply(request, state);
  const headers = { 'content-type': 'text/html', ...(cookie !== undefined && { 'set-cookie': cookie }) };
  response.writeHead(status, headers).end(`<!doctype html><title>Tokens</title><body>${body}`);
}

interface Reply {
  readonly status?: number;
  readonly body: string;
  readonly cookie?: string;
}

function reply({ method, url = '/', headers }: IncomingMessage, state: State): Reply {
  const { pathname } = new URL(url, 'http://localhost');
  if (pathname === '/favicon.ico') return { status: 404, body: '' };
  if (pathname === '/sign-in' && method === 'POST') {
    state.signIns += 1;
    return { body: 'Signed in', cookie: nextToken(state) };
  }
  if (pathname === '/sign-in') return { body: form };
  if (pathname === '/check') state.checks += 1;
  const token = /refresh=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
  if (token === undefined || token !== state.accepted) {
    if (token !== undefined) state.reused += 1;
    return { status: 401, body: 'Signed out' };
  }
  if (pathname !== '/sign-out') return { body: 'Signed in', cookie: nextToken(state) };
  state.accepted = '';
  return { body: 'Bye', cookie: 'refresh=; Max-Age=0; Path=/' };
}

function nextToken(state: State): string {
  state.accepted = `single-use-token-${(state.tokens += 1)}`;
  return `refresh=${state.accepted}; HttpOnly; Path=/`;
}

const form = `<form method="post"><label>Password <input type="password"></label><button>Go</button></form>`;
