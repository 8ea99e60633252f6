import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import { listen } from '../listen.js';

/**
 * An application that leaves the sign-in to an identity provider (authorization code with PKCE, RFC 7636): by a
 * redirect, in a popup, or silently in a hidden frame.
 */
export interface OidcShop {
  readonly url: string;
  /** How often it got somebody's name from the provider. */
  readonly arrivals: number;
  /** How many sessions are open. */
  readonly sessions: number;
  /** Ends the shop's sessions. Those of the provider go on. */
  endSessions(): void;
  close(): Promise<void>;
}

export interface OidcShopOptions {
  readonly port: number;
  readonly providerUrl: string;
  readonly clientId: string;
}

export async function createOidcShop({ port, providerUrl, clientId }: OidcShopOptions): Promise<OidcShop> {
  const url = `http://localhost:${port}`;
  const redirectUri = `${url}/callback`;
  const flows = new Map<string, { readonly verifier: string; readonly way: string }>();
  const sessions = new Map<string, string>();
  let arrivals = 0;

  const begin = (way: string): string => {
    const verifier = randomBytes(32).toString('base64url');
    const state = randomBytes(16).toString('base64url');
    flows.set(state, { verifier, way });
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const query = new URLSearchParams({
      ...{
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid email',
        state,
      },
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
      ...(way === 'silent' && { prompt: 'none' }),
    });
    return `${providerUrl}/auth?${query.toString()}`;
  };

  const finish = async (query: URLSearchParams): Promise<{ way: string; token?: string }> => {
    const flow = flows.get(query.get('state') ?? '');
    flows.delete(query.get('state') ?? '');
    if (!flow) return { way: 'unknown' };
    const code = query.get('code');
    if (code === null) return { way: flow.way };
    const answer = await fetch(`${providerUrl}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri },
        ...{ client_id: clientId, code_verifier: flow.verifier },
      }),
    });
    const { id_token: idToken } = (await answer.json()) as { id_token?: string };
    if (idToken === undefined) return { way: flow.way };
    arrivals += 1;
    const token = `shop-session-${randomBytes(16).toString('hex')}`;
    sessions.set(token, String(decodeJwt(idToken).sub));
    return { way: flow.way, token };
  };

  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const token = /shop=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const user = sessions.get(token);
    const send = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) => {
      response
        .writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
        .end(`<!doctype html>${body}`);
    };
    switch (pathname) {
      case '/':
        send(200, user === undefined ? signedOutPage : `<title>Shop</title><p>Signed in as ${user}</p>`);
        break;
      case '/login':
        send(302, '', { location: begin(searchParams.get('way') ?? 'redirect') });
        break;
      case '/logout':
        send(sessions.delete(token) ? 200 : 401, '');
        break;
      case '/api/me':
        send(user === undefined ? 401 : 200, user ?? '');
        break;
      case '/callback': {
        const { way, token: given } = await finish(searchParams);
        const cookie = `shop=${given ?? ''}; HttpOnly; Path=/; SameSite=Lax`;
        const headers = given === undefined ? {} : { 'set-cookie': cookie };
        if (way === 'redirect') send(302, '', { ...headers, location: '/' });
        else send(200, tellOpener(given !== undefined), headers);
        break;
      }
      default:
        send(404, '');
    }
  };

  const server = createServer((request, response) => {
    reply(request, response).catch(() => response.destroy());
  });
  const { close } = await listen(server, { port, host: 'localhost' });
  return {
    url,
    get arrivals() {
      return arrivals;
    },
    get sessions() {
      return sessions.size;
    },
    endSessions: () => sessions.clear(),
    close,
  };
}

const tellOpener = (isIn: boolean) =>
  `<script>(opener ?? parent).postMessage('${isIn ? 'in' : 'out'}', origin)</script>`;

/** A shop that knows nobody asks the provider in a hidden frame first. */
const signedOutPage = `<title>Shop</title>
  <p id="state">One moment</p>
  <a href="/login" hidden>Sign in</a><button hidden>Sign in in a window</button>
  <iframe hidden src="/login?way=silent"></iframe>
  <script>
    const show = () => {
      document.querySelector('#state').textContent = 'Nobody is signed in';
      for (const one of document.querySelectorAll('a, button')) one.hidden = false;
    };
    addEventListener('message', ({ data, origin: from }) => {
      if (from !== origin) return;
      if (data === 'in') location.reload(); else show();
    });
    document.querySelector('button').onclick = () => {
      const popup = open('/login?way=popup', 'sign-in', 'width=400,height=500');
      addEventListener('message', () => popup.close(), { once: true });
    };
  </script>`;
