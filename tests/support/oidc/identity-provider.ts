import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';
import { checkCode } from '../consultations/one-time-code.js';
import type { Account } from '../consultations/account.js';
import { listen } from '../listen.js';

/** An OpenID provider (OpenID Connect Core 1.0) whose pages ask for a password, a code and consent. */
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

  const agree = async ({ params, session }: Interaction): Promise<Answer> => {
    counts.consents += 1;
    const grant = new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params.client_id),
    });
    grant.addOIDCScope(String(params.scope));
    return { consent: { grantId: await grant.save() } };
  };
  /** A page to show, or who signed in. */
  const judge = (uid: string, form: URLSearchParams): string | Answer => {
    if (!passed.has(uid)) {
      const isRight = form.get('email') === account.email && form.get('password') === account.password;
      if (isRight) passed.add(uid);
      return isRight ? codePage() : passwordPage('Wrong email or password');
    }
    const answer = checkCode(form.get('code') ?? '', account.totp, { nowMs: Date.now(), lastStep });
    if (answer.outcome !== 'accepted') return codePage(`This code is ${answer.outcome}`);
    lastStep = answer.step;
    counts.signIns += 1;
    return { login: { accountId: account.email, remember: true } };
  };
  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const interaction = await provider.interactionDetails(request, response);
    const isConsent = interaction.prompt.name === 'consent';
    if (request.method !== 'POST') {
      send(response, isConsent ? consentPage : passwordPage());
      return;
    }
    const form = new URLSearchParams(await text(request));
    const answer = isConsent ? await agree(interaction) : judge(interaction.uid, form);
    if (typeof answer === 'string') send(response, answer);
    else
      await provider.interactionFinished(request, response, answer, { mergeWithLastSubmission: isConsent });
  };

  const others = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) interact(request, response).catch(() => response.destroy());
    else void others(request, response);
  });
  const { close } = await listen(server, { port: options.port, host: 'localhost' });
  return {
    url,
    get signIns() {
      return counts.signIns;
    },
    get consents() {
      return counts.consents;
    },
    close,
  };
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;
type Answer = Parameters<Provider['interactionFinished']>[2];

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
