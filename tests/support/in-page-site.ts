import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.js';

/** A site whose sign-in form stays where it is: refusals appear in it, and no page is loaded. */
export interface InPageSite {
  readonly url: string;
  readonly signIns: number;
  readonly refusals: number;
  close(): Promise<void>;
}

export const inPageAccount = { email: 'ada@in-page.example', password: 'Right-horse-7' };

export async function createInPageSite(): Promise<InPageSite> {
  const state = { signIns: 0, refusals: 0 };
  const server = createServer((request, response) => answer(request, response, state));
  const { url, close } = await listen(server);
  return {
    url,
    get signIns() {
      return state.signIns;
    },
    get refusals() {
      return state.refusals;
    },
    close,
  };
}

function answer(
  { url, headers }: IncomingMessage,
  response: ServerResponse,
  state: { signIns: number; refusals: number },
): void {
  if (url === '/api/me') {
    response.writeHead(headers.cookie?.includes(cookie) ? 200 : 401).end();
  } else if (url === '/api/sign-in') {
    const { authorization = '' } = headers;
    const typed = Buffer.from(authorization, 'base64').toString();
    const isRight = typed === `${inPageAccount.email}:${inPageAccount.password}`;
    state[isRight ? 'signIns' : 'refusals'] += 1;
    response.writeHead(isRight ? 200 : 401, isRight ? { 'set-cookie': `${cookie}; HttpOnly` } : {}).end();
  } else {
    response.writeHead(200, { 'content-type': 'text/html' }).end(form);
  }
}

const cookie = 'in-page=yes-it-is-me';

const form = `<!doctype html><title>In page</title><style>body { margin-top: 200px }</style>
  <form><label>Email <input type="email"></label><label>Secret word <input type="password"></label>
    <button type="button">Show</button><button>Enter</button><p role="alert"></p></form>
  <script>
    const [email, password] = document.querySelectorAll('input');
    document.querySelector('[type=button]').onclick = () => (password.type = 'text');
    document.querySelector('form').onsubmit = async (event) => {
      event.preventDefault();
      const authorization = btoa(email.value + ':' + password.value);
      const { ok } = await fetch('/api/sign-in', { method: 'POST', headers: { authorization } });
      if (!ok) {
        password.value = '';
        document.querySelector('[role=alert]').textContent = 'That is not it';
        return;
      }
      history.pushState({}, '', '/home');
      document.body.innerHTML = '<button>Sign out</button>';
    };
  </script>`;
