import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { createFlowBrowsers } from '../../src/browser/flow-browser.js';
import { findBrowser } from '../../src/browser/find-browser.js';
import type { CreateTools } from '../../src/core/auth-flow.js';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { SecretValue } from '../../src/core/secret-value.js';
import type { AutofillBehavior, Website } from '../../src/core/website-address.js';
import { createFlowRunner } from '../../src/flow/flow-runner.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { systemClock } from '../../src/time/system-clock.js';
import { declareSession } from '../support/declared-session.js';
import { errorOf } from '../support/session-bench.js';

const password = 'correct horse 7!';
const username = 'ada@example.com';
const code = '493817';

interface Site {
  readonly url: string;
  readonly requests: { readonly url: string; readonly all: string }[];
  close(): void;
}

/** The item's website, and another one that looks the same. */
let app: Site;
let other: Site;
const browsers = createFlowBrowsers();

test.beforeAll(async () => {
  other = await serve('localhost');
  app = await serve('127.0.0.1');
});

test.beforeEach(() => {
  app.requests.length = 0;
  other.requests.length = 0;
});

test.afterAll(async () => {
  await browsers.close();
  app.close();
  other.close();
});

test('a sign-in on the website of its item types and sends its values', async () => {
  await signIn(async ({ page, credentials, request, totp }) => {
    await page.goto('/form');
    await page.getByLabel('Email').fill(credentials.username);
    await page.getByLabel('Password').pressSequentially(credentials.password);
    await page.getByLabel('Password').clear();
    await page.getByLabel('Password').fill(credentials.password);
    await page.getByLabel('Plan').selectOption('free');
    await page.getByLabel('Email').focus();
    await page.keyboard.insertText('x');
    await page.keyboard.type(credentials.username);
    for (const digit of await totp()) await page.getByLabel('Code').press(digit);
    expect(await page.getByLabel('Code').inputValue()).toBe(code);
    await page
      .getByLabel('Password')
      .evaluate((field, value) => field.setAttribute('title', value), password);
    await request.post('/log', { form: { password: credentials.password } });
    await page.getByRole('button', { name: 'Go' }).click();
    await page.getByText('/log').waitFor();
  });
  expect(app.requests.filter(({ all }) => all.includes('password=correct'))).toHaveLength(2);
});

test('a sign-in types in the frame of the website, on any page', async () => {
  await signIn(async ({ page, credentials }) => {
    await page.goto(`${other.url}/framed?${app.url}/form`);
    const frame = page.frameLocator('iframe');
    await frame.getByLabel('Password').fill(credentials.password);
    await frame.getByLabel('Email').focus();
    await page.keyboard.type(credentials.username);
    expect(await frame.getByLabel('Email').inputValue()).toBe(username);
    expect(await frame.getByLabel('Password').inputValue()).toBe(password);
  });
});

const elsewhere: Readonly<Record<string, (tools: CreateTools) => Promise<unknown>>> = {
  'a field that is filled': ({ page, credentials }) => page.getByLabel('Password').fill(credentials.password),
  'a name': ({ page, credentials }) => page.getByLabel('Email').fill(credentials.username),
  'a one-time code': async ({ page, totp }) => page.getByLabel('Code').fill(await totp()),
  'the first digit of a code': async ({ page, totp }) =>
    page.getByLabel('Code').press((await totp()).charAt(0)),
  'half of a code': async ({ page, totp }) => page.getByLabel('Code').fill((await totp()).slice(3)),
  'a value with other text': ({ page, credentials }) =>
    page.getByLabel('Email').fill(`x${credentials.password}`),
  'keys that are typed': ({ page, credentials }) =>
    page.getByLabel('Password').pressSequentially(credentials.password),
  'the keyboard of the page': async ({ page, credentials }) => {
    await page.getByLabel('Password').focus();
    await page.keyboard.type(credentials.password);
  },
  'text that is inserted': async ({ page, credentials }) => {
    await page.getByLabel('Password').focus();
    await page.keyboard.insertText(credentials.password);
  },
  'the first key alone': async ({ page, credentials }) => {
    await page.getByLabel('Password').focus();
    for (const key of credentials.password) await page.keyboard.press(key);
  },
  'an element': async ({ page, credentials }) => (await page.$('#password'))?.fill(credentials.password),
  'an argument': ({ page, credentials }) =>
    page.evaluate((value) => void ((globalThis as { stolen?: string }).stolen = value), credentials.password),
  'an argument for an element': ({ page, credentials }) =>
    page.locator('#password').evaluate((field, { value }) => field.setAttribute('value', value), {
      value: credentials.password,
    }),
  'the text of a script': ({ page, credentials }) =>
    page.evaluate(`globalThis.stolen = ${JSON.stringify(credentials.password)}`),
  'a script for every page': ({ page, credentials }) =>
    page.addInitScript(
      (value) => void ((globalThis as { stolen?: string }).stolen = value),
      credentials.password,
    ),
  'the answer of a binding': async ({ page, credentials }) => {
    await page.exposeFunction('secret', () => credentials.password);
    await page.evaluate(() => (globalThis as unknown as { secret(): Promise<string> }).secret());
  },
  'an event': ({ page, credentials }) =>
    page.locator('#password').dispatchEvent('input', { data: credentials.password }),
  'a choice': ({ page, credentials }) => page.getByLabel('Plan').selectOption([credentials.username, 'free']),
  'a file': ({ page, credentials }) =>
    page
      .getByLabel('File')
      .setInputFiles({ name: 'x', mimeType: 'text/plain', buffer: Buffer.from(`a ${credentials.password}`) }),
  content: ({ page, credentials }) => page.setContent(`<p>${credentials.password}</p>`),
  'a link': ({ page, credentials }) =>
    page.goto(`${other.url}/log?next=%2F&password=${encodeURIComponent(credentials.password)}`),
  'a request': ({ request, credentials }) =>
    request.post(`${other.url}/log`, { data: { password: credentials.password } }),
  'a form that is posted': ({ request, credentials }) =>
    request.post(`${other.url}/log`, { form: { password: credentials.password } }),
  'a header': ({ request, credentials }) =>
    request.get(`${other.url}/log`, {
      headers: { authorization: `Basic ${Buffer.from(`ada:${credentials.password}`).toString('base64')}` },
    }),
  'a redirected request': ({ request, credentials }) =>
    request.post(`/redirect?${other.url}/log`, { data: { password: credentials.password } }),
  'headers of every request': ({ context, credentials }) =>
    context.setExtraHTTPHeaders({ 'x-password': credentials.password }),
  'a session of the browser': async ({ page, context, credentials }) => {
    const session = await context.newCDPSession(page);
    await session.send('Input.insertText', { text: credentials.password });
  },
  'an answer that is made up': async ({ page, credentials }) => {
    await page.route('**/made-up', (route) =>
      route.fulfill({ body: credentials.password }).catch(() => undefined),
    );
    await page.evaluate(() => fetch('/made-up').then((answer) => answer.text())).catch(() => undefined);
  },
  'an answer in a dialog': async ({ page, credentials }) => {
    page.on('dialog', (dialog) => void dialog.accept(credentials.password).catch(() => undefined));
    await page.evaluate(() => prompt('Password'));
  },
};

for (const [name, act] of Object.entries(elsewhere))
  test(`${name}: nothing of a value goes to another website`, async () => {
    const error = await signInElsewhere(act);
    expect(error).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH', session: 'admin' });
    for (const value of [password, username, code, 'correct']) expect(error.message).not.toContain(value);
    expect(other.requests.filter(({ url }) => url === '/seen')).toEqual([]);
    expect(other.requests.map(({ all }) => all).join('\n')).not.toMatch(/correct|Y29ycmVjd|YWRhOm|493817/);
  });

test('the error names the value, the address, the websites and what to do', async () => {
  const error = await signInElsewhere(elsewhere['a field that is filled']!);
  expect(error.explanation).toEqual({
    failed: `Session "admin": its sign-in was stopped before admin.password went to ${other.url}.`,
    known: `Its item has the website ${app.url}.`,
    next: "Correct baseURL or the flow. If the address is right, add it to the item's websites in 1Password, or set websites: 'ignore' on the session.",
  });
});

test('a redirect to another website while a field is waited for gets nothing', async () => {
  const error = await errorOf(
    signIn(async ({ page, credentials }) => {
      await page.goto(`/moves?${other.url}/form`);
      await page.getByLabel('Password').fill(credentials.password);
    }),
  );
  expect(error).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
  expect(error.message).toContain(other.url);
  expect(other.requests.map(({ url }) => url)).toContain('/form');
});

test('a frame of another website on a page of the website gets nothing', async () => {
  for (const act of [
    async ({ page, credentials }: CreateTools) =>
      page.frameLocator('iframe').getByLabel('Password').fill(credentials.password),
    async ({ page, credentials }: CreateTools) => {
      await page.frameLocator('iframe').getByLabel('Password').focus();
      await page.keyboard.type(credentials.password);
    },
    async ({ page, credentials }: CreateTools) =>
      page
        .frameLocator('iframe')
        .locator('#password')
        .evaluate((_, value) => value.length, credentials.password),
  ]) {
    const error = await errorOf(
      signIn(async (tools) => {
        await tools.page.goto(`/framed?${other.url}/form`);
        await act(tools);
      }),
    );
    expect(error).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
    expect(error.message).toContain(other.url);
  }
});

test('nothing more is sent after a refusal, even if the flow goes on', async () => {
  const tried: string[] = [];
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const error = await errorOf(
    signIn(async ({ page, request, credentials }) => {
      await page.goto(`${other.url}/form`);
      await page
        .getByLabel('Password')
        .fill(credentials.password)
        .catch(() => tried.push('fill'));
      await page
        .getByRole('button')
        .click()
        .catch(() => tried.push('click'));
      await request.get(`${app.url}/log`).catch(() => tried.push('request'));
      end?.();
    }),
  );
  await ended;
  expect(error).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
  expect(tried).toEqual(['fill', 'click', 'request']);
  expect([...app.requests, ...other.requests].map(({ url }) => url)).toEqual(['/form']);
});

test('ordinary text goes anywhere', async () => {
  await signIn(async ({ page, request }) => {
    await page.goto(`${other.url}/form`);
    await page.getByLabel('Email').fill('acme');
    await page.getByLabel('Email').press('Enter');
    await page.evaluate((text) => text, 'acme');
    await request.post(`${other.url}/log`, { data: { text: 'acme' } });
  });
  expect(other.requests.at(-1)?.all).toContain('acme');
});

test.describe('a session', () => {
  const type = async ({ page, credentials }: CreateTools) => {
    await page.goto(`${other.url}/form`);
    await page.getByLabel('Password').fill(credentials.password);
  };

  test('without websites types anywhere', async () => {
    await signIn(type, { websites: undefined });
  });

  test('with a list types on the websites of its list only, even if its item has none', async () => {
    await signIn(type, { websites: undefined, session: { websites: [other.url] } });
    const error = await errorOf(signIn(type, { websites: undefined, session: { websites: [app.url] } }));
    expect(error).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
    expect(error.explanation.known).toBe(`The session lists the website ${app.url}.`);
  });

  test('with a list permits no more than its item does', async () => {
    const error = await errorOf(signIn(type, { session: { websites: [other.url, app.url] } }));
    expect(error).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
    expect(error.explanation.known).toBe(`Its item has the website ${app.url}.`);
  });

  test('sends HTTP credentials and headers to its websites only', async () => {
    const access = { httpCredentials: [{ origin: other.url, send: undefined }], clientCertificates: [] };
    const values = { 'httpCredentials[0].username': username, 'httpCredentials[0].password': password };
    const names = Object.keys(values);
    expect(
      await errorOf(signIn(() => Promise.resolve(), { values, names, session: { access } })),
    ).toMatchObject({
      code: 'ERR_WEBSITE_MISMATCH',
    });
    const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    const returning = (origins?: readonly string[]) =>
      signIn(() => Promise.resolve({ headers, ...(origins && { origins }) }));
    expect(await errorOf(returning([app.url, other.url]))).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
    await returning();
  });

  test('without a browser sends its values to its websites only, at each redirect', async () => {
    const post = (url: string) => async (tools: CreateTools) => {
      await tools.request.post(url, { data: { password: tools.credentials.password } });
    };
    for (const url of [`${other.url}/log`, `/redirect?${other.url}/log`])
      expect(await errorOf(signInByRequest(post(url)))).toMatchObject({ code: 'ERR_WEBSITE_MISMATCH' });
    expect(other.requests).toEqual([]);
    await signInByRequest(post('/log'));
    expect(app.requests.at(-1)?.all).toContain(password);
  });
});

test('a Playwright whose messages cannot be seen signs in no session whose values belong to websites', async () => {
  const blind = (websites: readonly Website[] | undefined) =>
    signIn(({ page }) => page.goto('/form'), {
      websites,
      browsers: {
        ...browsers,
        with: (plan, work) =>
          browsers.with(plan, (browser) =>
            work({
              newContext: async (options: object) => {
                const context = await browser.newContext(options);
                return new Proxy(context, {
                  get: (target, name) => {
                    const value: unknown = name === '_connection' ? undefined : Reflect.get(target, name);
                    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
                  },
                });
              },
            } as never),
          ),
      },
    });
  expect(await errorOf(blind(fits()))).toMatchObject({ code: 'ERR_PLAYWRIGHT_UNKNOWN' });
  await blind(undefined);
});

interface SignInOptions {
  readonly websites?: readonly Website[] | undefined;
  readonly session?: Partial<DeclaredSession>;
  readonly values?: Readonly<Record<string, string>>;
  readonly names?: readonly string[];
  readonly browsers?: typeof browsers;
}

/** Signs in with values of an item of the app's website. */
async function signIn(create: (tools: CreateTools) => Promise<unknown>, options: SignInOptions = {}) {
  const websites = 'websites' in options ? options.websites : fits();
  const { session = {}, values = { username, password } } = options;
  const bound = new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      new SecretValue(value, `admin.${name}`, { websites }),
    ]),
  );
  const isBound = websites !== undefined || Array.isArray(session.websites);
  const flows = createFlowRunner({
    browsers: options.browsers ?? browsers,
    planFor: () => ({
      browserName: 'chromium',
      launchOptions: { executablePath: findBrowser()?.executablePath } as never,
      connectOptions: undefined,
      contextOptions: {},
      pageSettings: { actionTimeout: 20_000 },
    }),
    redactor: createRedactor(),
    clock: systemClock,
    debugging: false,
  });
  const flow = { create: create as never, check: () => true, timeoutSeconds: 40 };
  return flows.create({
    session: declareSession({ flow, baseURL: app.url, ...session }),
    place: { baseURL: app.url, project: undefined },
    signal: new AbortController().signal,
    values,
    bound: isBound ? bound : new Map(),
    nextCode: () => {
      bound.set('code 1', new SecretValue(code, 'admin.code', { kind: 'code', websites }));
      return Promise.resolve(code);
    },
  });
}

/** Goes to the other website and acts there. */
async function signInElsewhere(act: (tools: CreateTools) => Promise<unknown>) {
  return errorOf(
    signIn(async (tools) => {
      await tools.page.goto(`${other.url}/form`);
      await act(tools);
    }),
  );
}

/** Its parameters say that it needs no browser. */
async function signInByRequest(send: (tools: CreateTools) => Promise<void>) {
  return signIn(async ({ request, credentials }) => send({ request, credentials } as CreateTools), {
    browsers: { ...browsers, with: () => Promise.reject(new Error('A browser started.')) },
  });
}

function fits(autofillBehavior: AutofillBehavior = 'AnywhereOnWebsite'): readonly Website[] {
  return [{ url: app.url, autofillBehavior }];
}

/** Its script reports to the server at once what is typed. */
const form = `<form method="post" action="/log">
  <label>Email <input name="email" id="email"></label>
  <label>Password <input name="password" id="password" type="password"></label>
  <label>Code <input name="code"></label>
  <label>Plan <select name="plan"><option>free</option><option>paid</option></select></label>
  <label>File <input type="file"></label>
  <button>Go</button></form>
  <script>
    const report = (seen) => {
      const request = new XMLHttpRequest();
      request.open('POST', '/seen', false);
      request.send(String(seen));
    };
    addEventListener('input', (event) => report(event.target.value + event.data), true);
    addEventListener('keydown', (event) => report(event.key), true);
    Object.defineProperty(globalThis, 'stolen', { set: report });
  </script>`;

async function serve(host: string): Promise<Site> {
  const requests: { url: string; all: string }[] = [];
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    if (path === '/favicon.ico') {
      response.writeHead(404).end();
      return;
    }
    const body = await read(request);
    requests.push({ url: path, all: `${JSON.stringify(request.headers)} ${request.url} ${body}` });
    const pages: Readonly<Record<string, string>> = {
      '/form': form,
      '/framed': `<iframe src="${query}"></iframe>`,
      '/moves': `<p>Wait</p><script>setTimeout(() => location.assign(${JSON.stringify(query)}), 300)</script>`,
      '/log': '/log',
    };
    if (path === '/redirect') response.writeHead(307, { location: query }).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(pages[path] ?? '');
  }
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, requests, close: () => void server.close() };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
