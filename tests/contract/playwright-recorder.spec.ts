import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { startRecorder } from '../../src/cli/recording/playwright-recorder.js';
import { watchTypedFields } from '../../src/cli/recording/typed-fields.js';
import { recorderListens } from '../support/scripted-person.js';

const form = `<label>Email <input type="email"></label><label>Password <input type="password" id="secret"></label>
  <label>Code <input autocomplete="one-time-code"></label><label>City <input></label>
  <button onclick="document.querySelector('#secret').type = 'text'">Show</button>`;

test('a browser context has the inside that records, and the one that shows the recorder', ({ context }) => {
  const has = (name: string) => typeof Reflect.get(context, name) === 'function';
  expect(has('_startRecording') || has('_enableRecorder')).toBe(true);
  expect(has('_showRecorder') || has('_enableRecorder')).toBe(true);
});

test("records what is done in a page, in the words of Playwright's own code generator", async ({
  context,
}) => {
  const recorder = await startRecorder(context);
  const page = await open(context, form);
  await recorderListens(page);
  await page.getByLabel('Email').click();
  await page.keyboard.type('me@shop.example');
  await page.getByLabel('Password').click();
  await page.keyboard.type("it's");
  await page.keyboard.press('Enter');
  await page.getByRole('button').click();
  await recorder.stop();
  expect(recorder.steps().map(({ code }) => code.trim())).toEqual([
    "await page.goto('https://shop.example/');",
    "await page.getByRole('textbox', { name: 'Email' }).click();",
    "await page.getByRole('textbox', { name: 'Email' }).fill('me@shop.example');",
    "await page.getByRole('textbox', { name: 'Password' }).click();",
    "await page.getByRole('textbox', { name: 'Password' }).fill('it\\'s');",
    "await page.getByRole('textbox', { name: 'Password' }).press('Enter');",
    "await page.getByRole('button', { name: 'Show' }).click();",
  ]);
  expect(recorder.steps().at(-1)?.url).toBe('https://shop.example/');
});

test('records what a person points at with the eye in its toolbar, and each key that is typed beside a field', async ({
  context,
}) => {
  const recorder = await startRecorder(context);
  const page = await open(context, '<p style="margin-top: 200px">Signed in</p>');
  await recorderListens(page);
  await page.keyboard.type('hunter');
  const codes = () => recorder.steps().map(({ code }) => code.trim());
  await expect.poll(() => codes().at(-1)).toMatch(/\.press\('r'\);$/);
  // The toolbar is out of reach for locators: its eye is the third of its tools, which begin in the middle.
  const { width = 0 } = page.viewportSize() ?? {};
  await expect(async () => {
    await page.mouse.click(width / 2 + 104, 16);
    await page.getByText('Signed in').click();
    expect(codes()).toContain("await expect(page.getByText('Signed in')).toBeVisible();");
  }).toPass({ timeout: 20_000 });
  await recorder.stop();
});

test('knows the kind of the field that a text was typed into', async ({ context }) => {
  const fields = await watchTypedFields(context);
  const page = await open(context, form);
  await page.getByLabel('Email').pressSequentially('me');
  await page.getByLabel('Password').pressSequentially('pass');
  await page.getByRole('button').click();
  await page.getByLabel('Password').fill('password');
  await page.getByLabel('Code').fill('123456');
  await page.getByLabel('City').fill('Bern');
  await expect.poll(() => fields.kindOf('123456')).toBe('code');
  expect(['me', 'password', 'pass', 'Bern'].map((text) => fields.kindOf(text))).toEqual([
    'username',
    'password',
    'password',
    undefined,
  ]);
  expect(fields.textsOf('password')).toEqual(['pass', 'password']);
});

test('keeps a password that is typed over in place, and one of a field that a page shows as text', async ({
  context,
}) => {
  const fields = await watchTypedFields(context);
  const page = await open(
    context,
    `<form onsubmit="event.preventDefault(); refusal.textContent = 'No'; secret.value = ''">
      <label>Word <input type="password" id="secret"></label><p id="refusal"></p></form>
      <label>Other <input type="password" id="other"></label><label>Third <input type="password" name="third"></label>
      <button id="show" onclick="other.type = 'text'; const made = document.createElement('input');
        made.name = 'third'; document.querySelector('[name=third]').replaceWith(made)">Show</button>
      <label>City <input id="city"></label>
      <label>New <input autocomplete="new-password"></label><label>Now <input autocomplete="current-password"></label>
      <label>Dots <input style="-webkit-text-security: disc"></label>`,
  );
  await page.getByLabel('Word').pressSequentially('wrong');
  await page.keyboard.press('Enter');
  await page.getByLabel('Word').pressSequentially('better');
  await page.getByRole('button', { name: 'Show' }).click();
  for (const label of ['Other', 'Third', 'New', 'Now', 'Dots', 'City'])
    await page.getByLabel(label).pressSequentially(`in ${label}`);
  await page.getByLabel('Word').focus();
  await expect.poll(() => fields.textsOf('password')).toContain('in Dots');
  expect(fields.textsOf('password')).toEqual([
    'wrong',
    'better',
    'in Other',
    'in Third',
    'in New',
    'in Now',
    'in Dots',
  ]);
  expect(fields.kindOf('in City')).toBeUndefined();
});

async function open(context: BrowserContext, body: string): Promise<Page> {
  const page = await context.newPage();
  await page.route('https://shop.example/', (route) => route.fulfill({ body, contentType: 'text/html' }));
  await page.goto('https://shop.example/');
  return page;
}
