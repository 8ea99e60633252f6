import { expect, test } from '@playwright/test';
import { startRecorder } from '../../src/cli/recording/playwright-recorder.js';
import { watchTypedFields } from '../../src/cli/recording/typed-fields.js';

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
  const page = await context.newPage();
  await page.route('https://shop.example/', (route) =>
    route.fulfill({ body: form, contentType: 'text/html' }),
  );
  await page.goto('https://shop.example/');
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

test('knows the kind of the field that a text was typed into', async ({ context }) => {
  const fields = await watchTypedFields(context);
  const page = await context.newPage();
  await page.route('https://shop.example/', (route) =>
    route.fulfill({ body: form, contentType: 'text/html' }),
  );
  await page.goto('https://shop.example/');
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
    undefined,
    undefined,
  ]);
  expect(fields.textsOf('password')).toEqual(['password']);
});
