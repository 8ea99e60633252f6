import { randomBytes, randomInt } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { SentMail } from './smtp-sink.js';
import { listen } from '../listen.js';

export interface MailCodeSite {
  readonly url: string;
  /** The codes sent so far, in order. */
  readonly codes: readonly string[];
  /** The tokens of the links sent so far, in order. */
  readonly linkTokens: readonly string[];
  readonly signIns: number;
  /** Ends all sessions; remembered devices stay. */
  endSessions(): void;
  close(): Promise<void>;
}

export const mailAccount = { username: 'qa+admin@shop.example', password: 'correct-horse-battery' };

/** Signs in with a password and a code by mail, unless the device is remembered; or with a link by mail. */
export async function createMailCodeSite(send: (mail: SentMail) => Promise<void>): Promise<MailCodeSite> {
  const codes: string[] = [];
  const linkTokens: string[] = [];
  const devices = new Set<string>();
  const sessions = new Set<string>();
  const state = { signIns: 0 };
  const server = createServer((request, response) => {
    void answer(request).then(({ status = 200, cookies = [], location, html = '' }) =>
      response
        .writeHead(location === undefined ? status : 303, {
          'content-type': 'text/html',
          ...(location !== undefined && { location }),
          'set-cookie': [...cookies],
        })
        .end(html),
    );
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    const form = await formOf(request);
    const isSignedIn = sessions.has(cookieOf(request, 'session') ?? '');
    if (pathname === '/api/me') return { status: isSignedIn ? 200 : 401 };
    if (pathname === '/sign-in' && request.method === 'POST') {
      const isRight =
        form.get('email') === mailAccount.username && form.get('password') === mailAccount.password;
      if (!isRight) return { status: 403, html: 'Wrong' };
      if (devices.has(cookieOf(request, 'device') ?? '')) return signIn();
      const code = String(randomInt(100_000, 1_000_000));
      codes.push(code);
      await send({
        ...{ to: mailAccount.username, subject: 'Your sign-in' },
        html: `<p>Your code is <b>${code}</b>. © 2026 Shop</p>`,
      });
      return { html: codeForm };
    }
    if (pathname === '/code' && request.method === 'POST') {
      if (form.get('code') !== codes.at(-1)) return { status: 403, html: 'Wrong code' };
      const device = randomBytes(16).toString('hex');
      devices.add(device);
      return signIn([`device=${device}; Path=/; HttpOnly; Max-Age=86400`]);
    }
    if (pathname === '/link' && form.get('email') === mailAccount.username) {
      const token = randomBytes(16).toString('hex');
      linkTokens.push(token);
      const address = `http://${request.headers.host}/enter?token=${token}`;
      await send({
        ...{ to: mailAccount.username, subject: 'Your sign-in link' },
        html: `<p><a href="${address}">Sign in</a></p>`,
      });
      return { html: 'Look into your mail' };
    }
    if (pathname === '/enter' && searchParams.get('token') === linkTokens.at(-1)) return signIn();
    if (pathname === '/sign-in') return { html: signInForm };
    return {
      html: isSignedIn
        ? `Signed in as ${mailAccount.username} with the code ${codes.at(-1) ?? 'none'}`
        : 'Nobody is signed in',
    };
  }

  function signIn(cookies: readonly string[] = []): Answer {
    const id = randomBytes(16).toString('hex');
    sessions.add(id);
    state.signIns += 1;
    return { location: '/', cookies: [...cookies, `session=${id}; Path=/; HttpOnly`] };
  }

  const { url, close } = await listen(server);
  return {
    url,
    codes,
    linkTokens,
    get signIns() {
      return state.signIns;
    },
    endSessions: () => sessions.clear(),
    close,
  };
}

interface Answer {
  readonly status?: number;
  readonly cookies?: readonly string[];
  readonly location?: string;
  readonly html?: string;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  return new RegExp(`(?:^|; )${name}=([^;]+)`).exec(headers.cookie ?? '')?.[1];
}

const signInForm = `<form method="post"><label>Email <input name="email"></label>
  <label>Password <input name="password" type="password"></label><button>Continue</button>
  <button formaction="/link">Send a link</button></form>`;
const codeForm = `<form method="post" action="/code"><label>Code from the mail <input name="code"></label>
  <label>Remember this device <input type="checkbox"></label><button>Verify</button></form>`;
