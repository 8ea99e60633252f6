import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import { passkeyPage } from './passkey-page.js';
import { listen } from '../listen.js';

/** A site with passkeys, which rejects a signature counter that is not greater than the last one. It counts. */
export interface PasskeySite {
  readonly url: string;
  readonly passwordSignIns: number;
  readonly passkeySignIns: number;
  /** Counters accepted so far, in order, by email. */
  readonly counters: Readonly<Record<string, readonly number[]>>;
  /** Why signatures were rejected. */
  readonly rejections: readonly string[];
  /** Ends all sessions. Passkeys stay registered. */
  endSessions(): void;
  close(): Promise<void>;
}

export interface PasskeySiteOptions {
  /** Passwords by email. */
  readonly passwords: Readonly<Record<string, string>>;
}

export async function createPasskeySite({ passwords }: PasskeySiteOptions): Promise<PasskeySite> {
  const state = newState(passwords);
  const server = createServer((request, response) => {
    reply(request, response, { state, origin: url }).catch((error: unknown) => {
      state.rejections.push(error instanceof Error ? error.message : String(error));
      response.writeHead(400).end('{}');
    });
  });
  const { port, close } = await listen(server);
  const url = `http://${rpId}:${port}`;
  return {
    url,
    get passwordSignIns() {
      return state.passwordSignIns;
    },
    get passkeySignIns() {
      return state.passkeySignIns;
    },
    counters: state.counters,
    rejections: state.rejections,
    endSessions: () => state.sessions.clear(),
    close,
  };
}

interface State {
  readonly passwords: Readonly<Record<string, string>>;
  /** Emails by cookie. */
  readonly sessions: Map<string, string>;
  readonly passkeys: Map<string, { readonly email: string; credential: WebAuthnCredential }>;
  readonly challenges: Set<string>;
  readonly counters: Record<string, number[]>;
  readonly rejections: string[];
  passwordSignIns: number;
  passkeySignIns: number;
}

interface Site {
  readonly state: State;
  readonly origin: string;
}

async function reply(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const { state } = site;
  const route = `${request.method} ${new URL(request.url ?? '/', site.origin).pathname}`;
  const email = state.sessions.get(/session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  if (route === 'GET /favicon.ico') return void response.writeHead(404).end();
  if (request.method === 'GET' && route !== 'GET /api/me')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end(passkeyPage(email));
  const {
    status = 200,
    body = {},
    signIn,
  } = await answer(route, await readJson(request), { ...site, email });
  response
    .writeHead(status, {
      'content-type': 'application/json',
      ...(signIn !== undefined && { 'set-cookie': `${newSession(state, signIn)}; HttpOnly; Path=/` }),
    })
    .end(JSON.stringify(body));
}

interface Answer {
  readonly status?: number;
  readonly body?: object;
  /** The email of a new session. */
  readonly signIn?: string;
}

async function answer(
  route: string,
  given: unknown,
  { email, ...site }: Site & { readonly email: string | undefined },
): Promise<Answer> {
  const { state } = site;
  if (route === 'GET /api/me') return { status: email === undefined ? 401 : 200 };
  if (route === 'POST /password') {
    const { email: as, password } = given as { readonly email: string; readonly password: string };
    if (state.passwords[as] !== password) return { status: 401 };
    state.passwordSignIns += 1;
    return { signIn: as };
  }
  if (route === 'POST /passkey/options') return { body: await challenge(state) };
  if (route === 'POST /passkey') {
    const as = await verify(given as AuthenticationResponseJSON, site);
    if (email !== undefined) return {};
    state.passkeySignIns += 1;
    return { signIn: as };
  }
  if (email === undefined) return { status: 401 };
  if (route === 'POST /register/options') return { body: await registration(state, email) };
  if (route === 'POST /register')
    return { body: await register(given as RegistrationResponseJSON, email, site) };
  return { status: 404 };
}

async function challenge(state: State): Promise<object> {
  const options = await generateAuthenticationOptions({ rpID: rpId });
  state.challenges.add(options.challenge);
  return options;
}

async function registration(state: State, email: string): Promise<object> {
  const options = await generateRegistrationOptions({
    ...{ rpName: 'Approvals', rpID: rpId, userName: email },
    authenticatorSelection: { residentKey: 'required' },
  });
  state.challenges.add(options.challenge);
  return options;
}

async function register(given: RegistrationResponseJSON, email: string, site: Site): Promise<object> {
  const { registrationInfo } = await verifyRegistrationResponse({ response: given, ...expected(site) });
  if (!registrationInfo) throw new Error('The registration is not verified.');
  const { credential } = registrationInfo;
  site.state.passkeys.set(credential.id, { email, credential });
  return {};
}

/** WebAuthn, section 7.2: the library throws for a counter that is not greater than the last one. */
async function verify(given: AuthenticationResponseJSON, site: Site): Promise<string> {
  const known = site.state.passkeys.get(given.id);
  if (!known) throw new Error('The passkey is not registered.');
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    ...{ response: given, credential: known.credential },
    ...expected(site),
  });
  if (!verified) throw new Error('The signature is not verified.');
  known.credential = { ...known.credential, counter: authenticationInfo.newCounter };
  (site.state.counters[known.email] ??= []).push(authenticationInfo.newCounter);
  return known.email;
}

function expected({ state, origin }: Site) {
  const expectedChallenge = (given: string) => state.challenges.delete(given);
  return { expectedChallenge, expectedOrigin: origin, expectedRPID: rpId };
}

function newSession(state: State, email: string): string {
  const id = randomUUID();
  state.sessions.set(id, email);
  return `session=${id}`;
}

function newState(passwords: State['passwords']): State {
  return {
    ...{ passwords, sessions: new Map(), passkeys: new Map(), challenges: new Set() },
    ...{ counters: {}, rejections: [], passwordSignIns: 0, passkeySignIns: 0 },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8'));
}

const rpId = 'localhost';
