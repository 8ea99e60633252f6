import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';
import { checkCode } from '../consultations/one-time-code.js';
import type { Account } from '../consultations/account.js';

/** An OpenID provider (OpenID Connect Core 1.0) with sign-in pages of its own: password, code, consent. */
export interface IdentityProvider {
  readonly url: string;
  /** How often a password and a code were right. */
  readonly signIns: number;
  /** How often somebody agreed to share their name with the application. */
  readonly consents: number;
  close(): Promise<void>;
}

export interface IdentityProviderOptions {
  readonly port: number;
  readonly account: Account;
  readonly client: { readonly id: string; readonly redirectUris: readonly string[] };
}

export async function createIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { account, client } = options;
  const counts = { signIns: 0, consents: 0 };
  const passed = new Set<string>();
  let lastStep: number | undefined;
  const url = `http://localhost:${options.port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client.id,
        redirect_uris: [...client.redirectUris],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { email: ['email'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['a key of the test'] },
    ttl: {
      Session: 86_400,
      Grant: 86_400,
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 600,
    },
    clientBasedCORS: () => true,
  });

  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { uid, prompt, params, session } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST')
      return send(response, prompt.name === 'consent' ? consentPage : passwordPage());
    const form = new URLSearchParams(await text(request));
    if (prompt.name === 'consent') {
      counts.consents += 1;
      const grant = new provider.Grant({
        accountId: session?.accountId ?? '',
        clientId: String(params.client_id),
      });
      grant.addOIDCScope(String(params.scope));
      const consent = { grantId: await grant.save() };
      return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
    }
    if (!passed.has(uid)) {
      const isRight = form.get('email') === account.email && form.get('password') === account.password;
      if (!isRight) return send(response, passwordPage('Wrong email or password'));
      passed.add(uid);
      return send(response, codePage());
    }
    const answer = checkCode(form.get('code') ?? '', account.totp, { nowMs: Date.now(), lastStep });
    if (answer.outcome !== 'accepted') return send(response, codePage(`This code is ${answer.outcome}`));
    lastStep = answer.step;
    counts.signIns += 1;
    const login = { accountId: account.email, remember: true };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  };

  const others = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) interact(request, response).catch(() => response.destroy());
    else void others(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port, 'localhost', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get signIns() {
      return counts.signIns;
    },
    get consents() {
      return counts.consents;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, body: string): void {
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><title>Identity</title><form method="post">${body}</form>`);
}

const alertOf = (problem: string) => (problem === '' ? '' : `<p role="alert">${problem}</p>`);

const passwordPage = (problem = '') =>
  `${alertOf(problem)}<label>Work email <input name="email"></label>
  <label>Password <input name="password" type="password"></label><button>Sign in</button>`;

const codePage = (problem = '') =>
  `${alertOf(problem)}<label>Code <input name="code" autocomplete="one-time-code"></label><button>Verify</button>`;

const consentPage = '<p>The shop wants to know your email.</p><button>Allow</button>';
