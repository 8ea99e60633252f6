import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from './listen.js';

/** Where an application keeps its tokens. `rotating` is in localStorage, and replaces its refresh token on every load. */
export const tokenPlaces = ['local', 'tab', 'database', 'files', 'silent', 'rotating'] as const;
export type TokenPlace = (typeof tokenPlaces)[number];

/**
 * Single-page applications, each at another origin, that keep JSON Web Tokens in web storage and call an API with
 * them. Access tokens of `silent` and `rotating` live for half a minute: each page gets the next one by a refresh token. A refresh
 * token of `rotating` that comes twice ends the whole sign-in, as RFC 9700 section 4.14.2 says.
 */
export interface TokenApp {
  urlOf(place: TokenPlace): string;
  /** How often each application signed in. */
  readonly signIns: ReadonlyMap<string, number>;
  /** How many sign-ins the server still accepts. */
  living(place: TokenPlace): number;
  /** Refresh tokens that came twice. */
  readonly reused: number;
  /** Ends all sign-ins on the server. */
  end(): void;
  close(): Promise<void>;
}

export const tokenAccount = { username: 'ada@tokens.example', password: 'Right-horse-battery-9' };

interface SignIn {
  readonly place: string;
  refresh: string;
  readonly used: Set<string>;
}

export async function createTokenApp(): Promise<TokenApp> {
  const signIns = new Map<string, number>();
  const living = new Map<string, SignIn>();
  let reused = 0;
  let numbers = 0;
  const next = (name: string) => `${name}-token-${(numbers += 1)}-of-the-token-app`;
  const tokensOf = (id: string, { place, refresh }: SignIn) => ({
    access: jsonWebToken({
      sub: id,
      jti: next('id'),
      exp: Date.now() / 1000 + (isRefreshed(place) ? 30 : 3600),
    }),
    ...(isRefreshed(place) && { refresh }),
  });
  const renew = (refresh: string) => {
    const [id, found] = [...living].find(([, one]) => one.refresh === refresh || one.used.has(refresh)) ?? [];
    if (id === undefined || !found) return undefined;
    if (found.used.has(refresh)) {
      reused += 1;
      living.delete(id);
      return undefined;
    }
    if (found.place === 'rotating') {
      found.used.add(refresh);
      found.refresh = next('refresh');
    }
    return tokensOf(id, found);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const place = request.headers.host?.split('.')[0] ?? '';
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const { sub = '', exp = 0 } = claimsOf(bearer);
    const send = (body: unknown) => response.writeHead(body ? 200 : 401).end(JSON.stringify(body ?? {}));
    if (request.url === '/api/sign-in') {
      const { password } = (await json(request)) as { password: string };
      if (password !== tokenAccount.password) return send(undefined);
      signIns.set(place, (signIns.get(place) ?? 0) + 1);
      const [id, made] = [next('id'), { place, refresh: next('refresh'), used: new Set<string>() }];
      living.set(id, made);
      return send(tokensOf(id, made));
    }
    if (request.url === '/api/refresh')
      return send(renew(((await json(request)) as { refresh: string }).refresh));
    if (request.url === '/api/sign-out') return send(living.delete(sub));
    if (request.url === '/api/me')
      return send(living.has(sub) && exp * 1000 > Date.now() ? { name: tokenAccount.username } : undefined);
    return response.writeHead(200, { 'content-type': 'text/html' }).end(pageOf(place));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const { port, close } = await listen(server);
  return {
    urlOf: (place) => `http://${place}.localhost:${port}`,
    signIns,
    living: (place) => [...living.values()].filter((one) => one.place === place).length,
    get reused() {
      return reused;
    },
    end: () => living.clear(),
    close,
  };
}

function isRefreshed(place: string): boolean {
  return place === 'silent' || place === 'rotating';
}

function jsonWebToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.signature-of-the-token-app`;
}

function claimsOf(token: string): { readonly sub?: string; readonly exp?: number } {
  const [, payload = ''] = token.split('.');
  return payload === ''
    ? {}
    : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; exp: number });
}

/** Where each application keeps its tokens: `read` and `write` of the page. */
const keepers: Readonly<Record<string, string>> = {
  local: `const area = localStorage;`,
  tab: `const area = sessionStorage;`,
  silent: `const area = localStorage;`,
  rotating: `const area = localStorage;`,
  // As Firebase does.
  database: `
    const settled = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
    const open = indexedDB.open('firebaseLocalStorageDb', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('firebaseLocalStorage', { keyPath: 'fbase_key' });
    const database = await settled(open);
    const store = (mode) => database.transaction('firebaseLocalStorage', mode).objectStore('firebaseLocalStorage');
    const key = 'firebase:authUser:key:[DEFAULT]';
    const read = async () => (await settled(store('readonly').get(key)))?.value.stsTokenManager;
    const write = (tokens) => settled(tokens
      ? store('readwrite').put({ fbase_key: key, value: { uid: 'ada', stsTokenManager: tokens, at: new Date() } })
      : store('readwrite').delete(key));`,
  files: `
    const root = await navigator.storage.getDirectory();
    const read = async () => {
      try {
        const folder = await root.getDirectoryHandle('account');
        return JSON.parse(await (await (await folder.getFileHandle('tokens.json')).getFile()).text());
      } catch { return undefined; }
    };
    const write = async (tokens) => {
      const folder = await root.getDirectoryHandle('account', { create: true });
      if (!tokens) return folder.removeEntry('tokens.json').catch(() => undefined);
      const file = await (await folder.getFileHandle('tokens.json', { create: true })).createWritable();
      await file.write(JSON.stringify(tokens));
      await file.close();
    };`,
};

function pageOf(place: string): string {
  const keeper = keepers[place] ?? '';
  const inArea = `
    const read = async () => JSON.parse(area.getItem('tokens') ?? 'null') ?? undefined;
    const write = async (tokens) => tokens ? area.setItem('tokens', JSON.stringify(tokens)) : area.removeItem('tokens');`;
  return `<!doctype html><title>Tokens</title><link rel="icon" href="data:,"><body><main>Loading</main>
  <script type="module">
    ${keeper}${keeper.includes('const area') ? inArea : ''}
    const ask = async (path, body, token) => {
      const answer = await fetch('/api/' + path, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
        headers: token ? { authorization: 'Bearer ' + token } : {} });
      return answer.ok ? answer.json() : undefined;
    };
    const main = document.querySelector('main');
    async function show() {
      let tokens = await read();
      const isOld = (token) => JSON.parse(atob(token.split('.')[1])).exp * 1000 < Date.now() + 60_000;
      if (tokens?.refresh && isOld(tokens.access)) {
        tokens = await ask('refresh', { refresh: tokens.refresh });
        await write(tokens);
      }
      const me = tokens && await ask('me', undefined, tokens.access);
      if (!me) {
        await write(undefined);
        main.innerHTML = '<form><label>Email <input type=email></label>' +
          '<label>Password <input type=password></label><button>Sign in</button></form>';
        main.querySelector('form').onsubmit = async (event) => {
          event.preventDefault();
          await write(await ask('sign-in', { password: main.querySelector('[type=password]').value }));
          await show();
        };
        return;
      }
      main.innerHTML = '<p></p><button>Sign out</button>';
      main.querySelector('p').textContent = 'Signed in as ' + me.name;
      main.querySelector('button').onclick = async () => {
        await ask('sign-out', {}, tokens.access);
        await write(undefined);
        await show();
      };
    }
    await show();
  </script>`;
}
