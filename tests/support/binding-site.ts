import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './listen.js';

/**
 * A site on `localhost` whose sessions are bound to something. `/sign-in/KIND` signs in, and `/me/KIND` answers 200 with
 * that session: `partitioned` has a partitioned cookie (`/around/PATH` has the path in a frame), `agent` only works with the user agent that signed in, `device`
 * asks for a device-bound session and accepts one use of its cookie. `/sign-in/key` is a page that keeps a key that cannot leave
 * IndexedDB, and `/me/key` one that says whether it is there.
 */
export interface BindingSite {
  readonly url: string;
  /** Ends the session of the sign-in with this number, from 1. */
  end(number: string): void;
  close(): Promise<void>;
}

export async function createBindingSite(): Promise<BindingSite> {
  const agents = new Map<string, string | undefined>();
  const used = new Set<string>();
  const ended = new Set<string>();
  let tokens = 0;
  const signIn = (kind: string, request: IncomingMessage, response: ServerResponse) => {
    const token = `${kind}-session-${(tokens += 1)}`;
    agents.set(token, request.headers['user-agent']);
    const how = kind === 'partitioned' ? 'Secure; SameSite=None; Partitioned' : 'SameSite=Lax';
    response.setHeader('set-cookie', `session=${token}; HttpOnly; Path=/; ${how}`);
    if (kind === 'device') response.setHeader('secure-session-registration', '(ES256);path="/register"');
    send(response, 200, kind === 'key' ? keyPage : 'Signed in');
  };
  const isSignedIn = (kind: string, request: IncomingMessage) => {
    const [, token = ''] = /session=([\w-]+)/.exec(request.headers.cookie ?? '') ?? [];
    if (!agents.has(token) || !token.startsWith(kind) || ended.has(token.replace(/\D+/, ''))) return false;
    if (kind === 'agent') return agents.get(token) === request.headers['user-agent'];
    if (kind !== 'device') return true;
    const wasUsed = used.has(token);
    used.add(token);
    return !wasUsed;
  };
  const server = createServer((request, response) => {
    const [, act = '', kind = ''] = request.url?.split('/') ?? [];
    if (act === 'sign-in') signIn(kind, request, response);
    else if (act === 'around')
      send(response, 200, `<iframe src="${url}${request.url?.slice('/around'.length)}"></iframe>`);
    else if (act !== 'me') send(response, 404, '');
    else if (kind === 'key') send(response, 200, keyPage);
    else send(response, isSignedIn(kind, request) ? 200 : 401, 'Me');
  });
  const { port, close } = await listen(server);
  const url = `http://localhost:${port}`;
  return {
    url,
    end: (number) => void ended.add(number),
    close,
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { 'content-type': 'text/html' })
    .end(`<!doctype html><link rel="icon" href="data:,"><body>${body}`);
}

const keyPage = `<output></output><script type="module">
  const settled = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const open = indexedDB.open('accounts', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('keys');
  const database = await settled(open);
  const keys = (mode) => database.transaction('keys', mode).objectStore('keys');
  if (location.pathname === '/sign-in/key') {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    await settled(keys('readwrite').put({ pair }, 'device'));
  }
  const found = await settled(keys('readonly').get('device'));
  const isKey = found?.pair?.privateKey instanceof CryptoKey;
  document.querySelector('output').textContent = isKey ? 'Signed in' : 'Signed out';
</script>`;
