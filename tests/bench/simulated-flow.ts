import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { defineAuthFlow } from '../../fixtures/index.js';

/**
 * A flow whose sign-in is a request and a short wait. With SIMULATED_BROWSER set, its browser is not there, and brokers
 * cost what they cost without Chromium. Sign-ins, checks and codes are real requests to a site.
 */
export function simulatedFlow({ waitMs, stateBytes = 0 }: SimulatedFlowOptions) {
  if (process.env.SIMULATED_BROWSER) replaceBrowser();
  return defineAuthFlow({
    async create({ context, credentials, totp, baseURL = '' }) {
      const code = await totp();
      const answer = await fetch(`${baseURL}/sign-in`, {
        method: 'POST',
        body: JSON.stringify({ account: credentials.username, code, broker: process.pid }),
      });
      if (!answer.ok) throw new Error(`the site answered ${answer.status}`);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      (context as unknown as SimulatedContext).keep(await answer.text(), { baseURL, stateBytes });
    },
    async check({ request, baseURL = '' }) {
      return (await request.get(`${baseURL}/check`)).ok();
    },
  });
}

export interface SimulatedFlowOptions {
  readonly waitMs: number;
  /** How large a state is, besides its cookie. [0] */
  readonly stateBytes?: number;
}

interface SimulatedContext {
  /** Sets the cookie of an answer: `life=…`. */
  keep(cookie: string, place: { readonly baseURL: string; readonly stateBytes: number }): void;
}

/** In this process, and in the library that flows use. */
function replaceBrowser(): void {
  const require = createRequire(import.meta.url);
  const library = createRequire(require.resolve('@playwright/test/package.json'))('playwright') as {
    chromium: { launch: () => Promise<unknown> };
  };
  library.chromium.launch = () =>
    Promise.resolve({
      on: () => undefined,
      close: () => Promise.resolve(),
      newContext: () => Promise.resolve(createContext()),
    });
}

/** As much of a context as a sign-in uses. */
function createContext(): object {
  let cookies: object[] = [];
  let origins: object[] = [];
  let cookieHeader = '';
  const page = {
    context: () => context,
    url: () => 'about:blank',
    title: () => Promise.resolve(''),
    screenshot: () => Promise.resolve(Buffer.alloc(0)),
    locator: () => ({}),
    frames: () => [],
    mainFrame: () => ({ evaluate: () => Promise.resolve({ origin: '', items: [] }) }),
    close: () => Promise.resolve(),
  };
  const context = {
    on: () => undefined,
    pages: () => [page],
    newPage: () => Promise.resolve(page),
    close: () => Promise.resolve(),
    cookies: () => Promise.resolve(cookies),
    storageState: () => Promise.resolve({ cookies, origins }),
    request: {
      async get(url: string) {
        const answer = await fetch(url, { headers: { cookie: cookieHeader } });
        await answer.text();
        return { ok: () => answer.ok };
      },
    },
    keep(cookie: string, { baseURL, stateBytes }: { baseURL: string; stateBytes: number }) {
      cookieHeader = cookie;
      const [name, value] = cookie.split('=');
      const { hostname, origin } = new URL(baseURL);
      cookies = [
        {
          ...{ name, value, domain: hostname, path: '/', expires: -1 },
          ...{ httpOnly: true, secure: false, sameSite: 'Lax' },
        },
      ];
      if (stateBytes > 0) origins = [{ origin, localStorage: itemsOf(stateBytes) }];
    },
  };
  return context;
}

/** What a single-page application keeps: documents of four kilobytes, each with a token in it. */
function itemsOf(bytes: number): object[] {
  const itemBytes = 4000;
  const sentence = 'a cached answer of the application, in words that anybody may read; ';
  return Array.from({ length: Math.ceil(bytes / itemBytes) }, (_, index) => {
    const token = createHash('sha256').update(String(index)).digest('base64url');
    const start = `{"token":"${token}","text":"`;
    const left = Math.max(0, Math.min(itemBytes, bytes - index * itemBytes) - start.length - 2);
    const text = sentence.repeat(Math.ceil(left / sentence.length)).slice(0, left);
    return { name: `cache-${index}`, value: `${start}${text}"}` };
  });
}
