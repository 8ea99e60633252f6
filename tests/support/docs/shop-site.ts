import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../listen.js';

/** A shop as the examples of the documentation know it, signed in to in one of five ways. */
export interface ShopSite {
  readonly url: string;
  /** How often the password was right. */
  readonly signIns: number;
  /** Ends the sessions of the shop; those of the identity provider go on. */
  endSessions(): void;
  close(): Promise<void>;
}

export type ShopKind = 'cookie' | 'bearer' | 'basic' | 'basic with a cookie' | 'sso';

export const shopAccount = { username: 'ada@shop.example', password: 'correct-horse-battery' };

export async function createShopSite(kind: ShopKind): Promise<ShopSite> {
  const state: State = { signIns: 0, generation: 1 };
  const server = createServer((request, response) => {
    void answer[kind]({ request, response, url: new URL(request.url ?? '/', 'http://shop'), state });
  });
  const { url, close } = await listen(server);
  return {
    url,
    get signIns() {
      return state.signIns;
    },
    endSessions() {
      state.generation += 1;
    },
    close,
  };
}

interface State {
  signIns: number;
  generation: number;
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly state: State;
}

const answer: Readonly<Record<ShopKind, (visit: Visit) => unknown>> = {
  cookie: async (visit) => {
    if (visit.url.pathname !== '/sign-in') return isSignedIn(visit) ? orders(visit) : goTo(visit, '/sign-in');
    if (visit.request.method !== 'POST') return page(visit, form);
    return goTo(visit, '/orders', (await isRight(visit)) ? sessionCookie(visit) : undefined);
  },
  bearer: (visit) => {
    if (visit.url.pathname !== '/api/orders') return page(visit, bearerPage);
    return end(visit, visit.request.headers.authorization === `Bearer ${token}` ? 200 : 401);
  },
  basic: (visit) => (hasHeader(visit) ? orders(visit) : end(visit, 401, { 'www-authenticate': 'Basic' })),
  'basic with a cookie': (visit) => {
    if (isSignedIn(visit)) return orders(visit);
    if (!hasHeader(visit)) return end(visit, 401, { 'www-authenticate': 'Basic' });
    visit.state.signIns += 1;
    return end(visit, 200, { 'set-cookie': sessionCookie(visit) });
  },
  sso: async (visit) => {
    const { pathname } = visit.url;
    if (pathname === '/callback') return goTo(visit, '/', sessionCookie(visit));
    if (!pathname.startsWith('/provider'))
      return isSignedIn(visit) ? orders(visit) : goTo(visit, '/provider');
    if (visit.request.headers.cookie?.includes(providerCookie)) return goTo(visit, '/callback');
    if (visit.request.method !== 'POST') return page(visit, providerForm);
    return (await isRight(visit)) ? goTo(visit, '/callback', providerCookie) : goTo(visit, '/provider');
  },
};

const token = 'bearer-8f14e45fceea167a5a36dedd';
const providerCookie = 'provider=c9f0f895fb98ab9159f51fd0';

function sessionCookie({ state }: Visit): string {
  return `session=eccbc87e4b5ce2fe28308fd9-${state.generation}`;
}

function isSignedIn(visit: Visit): boolean {
  return visit.request.headers.cookie?.includes(sessionCookie(visit)) ?? false;
}

function hasHeader({ request }: Visit): boolean {
  const basic = Buffer.from(`${shopAccount.username}:${shopAccount.password}`).toString('base64');
  return request.headers.authorization === `Basic ${basic}`;
}

async function isRight({ request, state }: Visit): Promise<boolean> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const sent = new URLSearchParams(body);
  const isAccount =
    sent.get('email') === shopAccount.username && sent.get('password') === shopAccount.password;
  if (isAccount) state.signIns += 1;
  return isAccount;
}

function orders(visit: Visit): unknown {
  return page(visit, '<h1>Orders</h1><button>Sign out</button>');
}

function goTo({ response }: Visit, location: string, cookie?: string): unknown {
  return response.writeHead(303, { location, ...(cookie && { 'set-cookie': cookie }) }).end();
}

function page({ response }: Visit, body: string): unknown {
  return response
    .writeHead(200, { 'content-type': 'text/html' })
    .end(`<!doctype html><link rel="icon" href="data:,"><title>Shop</title><body>${body}`);
}

function end({ response }: Visit, status: number, headers: Readonly<Record<string, string>> = {}): unknown {
  return response.writeHead(status, headers).end();
}

const fields = `<label>Email <input name="email"></label>
  <label>Password <input name="password" type="password"></label>`;
const form = `<form method="post">${fields}<button>Continue</button></form>`;

const bearerPage = `<main><form>${fields}<button>Continue</button></form></main><script>
  const show = () => {
    if (localStorage.getItem('token')) document.querySelector('main').innerHTML = '<h1>Orders</h1><button>Sign out</button>';
  };
  document.querySelector('form').onsubmit = (event) => {
    event.preventDefault();
    localStorage.setItem('token', '${token}');
    show();
  };
  show();
</script>`;

const providerForm = `<form method="post"><label>Work email <input name="email"></label>
  <button type="button" onclick="document.querySelector('p').hidden = false">Next</button>
  <p hidden><label>Password <input name="password" type="password"></label><button>Sign in</button></p></form>`;
