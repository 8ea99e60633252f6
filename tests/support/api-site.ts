import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.js';

/** An API without cookies: who has a living token is signed in. It has three origins, of two sites. */
export interface ApiSite {
  readonly origins: Readonly<Record<OriginName, string>>;
  /** What origins got, oldest first. */
  readonly requests: readonly ApiRequest[];
  /** The requests to an origin, by path, with what they had in a header. */
  seen(name: OriginName, header: string): string[];
  readonly signIns: number;
  /** Ends every token. */
  endSessions(): void;
  close(): Promise<void>;
}

export type OriginName = 'own' | 'other' | 'third';

export interface ApiRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ApiSiteOptions {
  readonly account?: { readonly email: string; readonly password: string };
  /** Makes the next token. */
  readonly createToken?: (number: number) => string;
}

/**
 * `POST /token` with an account gives a token, `GET /me` needs one. `/to?URL` redirects, `/cookie?URL` sets a cookie besides, `/page?HTML` is a page, and
 * every other path answers 200.
 */
export async function createApiSite({
  account = { email: 'ada@api.example', password: 'Right-horse-9' },
  createToken = (number) => `api-token-${number}-Zq7vK2mX9p`,
}: ApiSiteOptions = {}): Promise<ApiSite> {
  const requests: ApiRequest[] = [];
  const alive = new Set<string>();
  let signIns = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://host');
    const given = decodeURIComponent(search.slice(1));
    note(request);
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'x-own, authorization');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (pathname === '/cookie')
      return void response.writeHead(302, { location: given, 'set-cookie': 'fresh=2; Path=/' }).end();
    if (pathname === '/to') return void response.writeHead(302, { location: given }).end();
    if (pathname === '/page') return void response.writeHead(200, { 'content-type': 'text/html' }).end(given);
    if (pathname === '/script')
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(given);
    if (pathname === '/me')
      return void response.writeHead(alive.has(request.headers.authorization ?? '') ? 200 : 401).end('{}');
    if (pathname !== '/token') return void response.writeHead(200).end('{}');
    const { email, password } = JSON.parse(await bodyOf(request)) as typeof account;
    if (email !== account.email || password !== account.password) return void response.writeHead(403).end();
    signIns += 1;
    const token = createToken(signIns);
    alive.add(`Bearer ${token}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
  }

  function note({ headers, method = '', url = '' }: IncomingMessage): void {
    requests.push({ host: headers.host ?? '', method, path: url, headers });
  }

  const servers = [0, 1].map(() => {
    const server = createServer((request, response) => void answer(request, response));
    server.on('upgrade', (request, socket) => {
      note(request);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    return server;
  });
  const listening = await Promise.all(servers.map((server) => listen(server)));
  const [first, second] = listening.map(({ port }) => port);
  const origins = {
    own: `http://localhost:${first}`,
    other: `http://127.0.0.1:${first}`,
    third: `http://127.0.0.1:${second}`,
  };
  return {
    origins,
    requests,
    seen: (name, header) =>
      requests
        .filter(({ host, path }) => origins[name] === `http://${host}` && path !== '/favicon.ico')
        .map(
          ({ method, path, headers }) => `${method} ${path.split('?')[0]} ${String(headers[header] ?? '-')}`,
        ),
    get signIns() {
      return signIns;
    },
    endSessions: () => alive.clear(),
    close: async () => void (await Promise.all(listening.map((one) => one.close()))),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
