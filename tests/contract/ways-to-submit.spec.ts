import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { composeFlow } from '../../src/cli/recording/compose-flow.js';
import { startRecorder } from '../../src/cli/recording/playwright-recorder.js';
import { watchTypedFields } from '../../src/cli/recording/typed-fields.js';
import type { AuthFlow } from '../../src/core/auth-flow.js';
import { recorderListens } from '../support/scripted-person.js';

/**
 * Each way that people send a form: what is recorded of it is written as a flow, the flow runs against the same site,
 * and signs in with as many posts as the person made.
 */

const values = { username: 'a@b.io', password: "R 'horse' 7" };

let server: Server;
let baseURL: string;
let posts: string[] = [];

test.beforeAll(async () => {
  server = createServer((request, response) => {
    void readText(request).then((body) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site');
      const [, way = ''] = pathname.split('/');
      const isPost = request.method === 'POST';
      if (isPost) posts.push(body);
      response.setHeader('content-type', 'text/html');
      if (isPost && pathname.endsWith('/name')) return response.end(pages['password-alone']);
      if (isPost) return response.writeHead(303, { location: '/home' }).end();
      return response.end(pages[way] ?? '<h1>Signed in</h1>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.beforeEach(() => (posts = []));

test.afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ways: Readonly<Record<string, { page?: string; sends: (page: Page) => Promise<void> }>> = {
  'Enter in the last field': { sends: enter },
  'Enter of the number pad': { sends: (page) => page.keyboard.press('NumpadEnter') },
  'a click on the button': { sends: (page) => page.getByRole('button').click() },
  'Tab to the button, and Space': { sends: (page) => keys(page, 'Tab', 'Space') },
  'Tab to the button, and Enter': { sends: (page) => keys(page, 'Tab', 'Enter') },
  'Tab to an input of type submit, and Space': { page: 'input', sends: (page) => keys(page, 'Tab', 'Space') },
  'Tab to an input of type submit, and Enter': { page: 'input', sends: (page) => keys(page, 'Tab', 'Enter') },
  'Enter in a form without a button': { page: 'no-button', sends: enter },
  'Enter in a form whose button is hidden': { page: 'hidden-button', sends: enter },
  'Enter where a script sends the form': { page: 'script', sends: enter },
  'Enter where a script hears the key': { page: 'key', sends: enter },
};

for (const [way, { page = 'form', sends }] of Object.entries(ways))
  test(`a flow of ${way} signs in with as many posts as the person`, async ({ browser }) => {
    const flow = await record(await browser.newContext(), page, async (window) => {
      await window.getByLabel('Email').click();
      await window.keyboard.type(values.username);
      await window.keyboard.press('Tab');
      await window.keyboard.type(values.password);
      await sends(window);
    });
    expect(posts).toHaveLength(1);
    await run(flow, browser);
    expect(posts).toEqual([posts[0], posts[0]]);
  });

for (const [name, page] of [
  ['the next page', 'name'],
  ['the same page', 'steps'],
] as const)
  test(`a flow of Enter, with the next field of ${name} focused by itself, signs in`, async ({ browser }) => {
    const flow = await record(await browser.newContext(), page, async (window) => {
      await window.getByLabel('Email').focus();
      await window.keyboard.type(values.username);
      await enter(window);
      await expect(window.getByLabel('Password')).toBeFocused();
      await recorderListens(window);
      await window.keyboard.type(values.password);
      await enter(window);
    });
    const sent = [...posts];
    expect(sent.at(-1)).toContain('password=');
    await run(flow, browser);
    expect(posts).toEqual([...sent, ...sent]);
  });

test('a flow of what was pasted signs in', async ({ browser }) => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const flow = await record(context, 'form', async (window) => {
    for (const [label, value] of [
      ['Email', values.username],
      ['Password', values.password],
    ] as const) {
      await window.evaluate((text) => navigator.clipboard.writeText(text), value);
      await window.getByLabel(label).click();
      await window.keyboard.press('ControlOrMeta+v');
    }
    await enter(window);
  });
  expect(posts).toHaveLength(1);
  await run(flow, browser);
  expect(posts).toEqual([posts[0], posts[0]]);
});

async function record(
  context: BrowserContext,
  way: string,
  signIn: (page: Page) => Promise<void>,
): Promise<string> {
  const fields = await watchTypedFields(context);
  const recorder = await startRecorder(context);
  const page = await context.newPage();
  await page.goto(`${baseURL}/${way}`);
  await recorderListens(page);
  await signIn(page);
  await page.getByRole('heading', { name: 'Signed in' }).waitFor();
  await recorder.stop();
  const { text } = composeFlow({
    steps: recorder.steps(),
    ...{ endUrl: page.url(), baseURL, values, session: 'admin', importedFrom: 'nowhere', syntax: 'import' },
    isCode: () => false,
    kindOf: (typed) => fields.kindOf(typed),
    typedSecrets: { password: [values.password], code: [] },
    isSecret: (typed) => typed.includes(values.password),
  });
  await context.close();
  expect(text).not.toContain('horse');
  return text;
}

/** The flow's own text, as a module. */
async function run(text: string, browser: Browser): Promise<void> {
  const source = text.replace(/^import .*$/m, 'const defineAuthFlow = (flow) => flow;');
  const { default: flow } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    default: AuthFlow<string>;
  };
  const context = await browser.newContext({ baseURL });
  context.setDefaultTimeout(5000);
  const page = await context.newPage();
  await flow.create({ page, credentials: values } as never);
  await page.getByRole('heading', { name: 'Signed in' }).waitFor();
  await context.close();
}

async function enter(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
}

async function keys(page: Page, ...pressed: string[]): Promise<void> {
  for (const key of pressed) await page.keyboard.press(key);
}

const email = '<label>Email <input name="email" type="email"></label>';
const password = '<label>Password <input name="password" type="password"></label>';
const form = (inner: string, attributes = '') => `<form method="post" ${attributes}>${inner}</form>`;
const send =
  "fetch('/script', { method: 'POST', body: 'password=' + p.value }).then(() => (location.href = '/home'))";
const pages: Readonly<Record<string, string>> = {
  form: form(`${email}${password}<button>Continue</button>`),
  input: form(`${email}${password}<input type="submit" value="Continue">`),
  // With two fields and no button, browsers do not send a form on Enter.
  'no-button': `${email}${form(password)}`,
  'hidden-button': form(`${email}${password}<button style="display: none">Continue</button>`),
  script: form(
    `${email}${password.replace('<input', '<input id="p"')}<button>Continue</button>`,
    `onsubmit="event.preventDefault(); ${send}"`,
  ),
  key: `${email}${password.replace('<input', `<input id="p" onkeydown="if (event.key === 'Enter') ${send}"`)}
    <button>Help</button>`,
  name: form(`${email}<button>Next</button>`, 'action="/name/name"'),
  'password-alone': form(
    `${password.replace('<input', '<input autofocus')}<button>Continue</button>`,
    'action="/password"',
  ),
  steps: `${form(`${email}<button>Next</button>`, 'id="one" onsubmit="event.preventDefault(); one.hidden = true; two.hidden = false; p.focus()"')}
    ${form(`${password.replace('<input', '<input id="p"')}<button>Continue</button>`, 'id="two" hidden')}`,
};
