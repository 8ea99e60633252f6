import { expect, test } from '@playwright/test';
import { findSetupProjects } from '../../src/cli/init/find-setup-projects.js';
import { movedFlowText } from '../../src/cli/init/moved-flow-text.js';
import { readSetupFile } from '../../src/cli/init/read-setup-file.js';

const scope = { folder: '/shop/tests', root: '/shop', constants: new Map() };
const head = "import { test as setup, expect } from '@playwright/test';\n";
const save = "await page.context().storageState({ path: 'user.json' });";

function read(body: string, { fixtures = 'page', above = '' } = {}) {
  const text = `${head}${above}setup('authenticate', async ({ ${fixtures} }) => {\n  ${body}\n});\n`;
  return readSetupFile({ file: '/shop/tests/auth.setup.ts', text }, scope);
}

test('values by fields, variables and constants become parameters, and comments stay behind', () => {
  const { tests, left } = read(
    `const name = process.env.SHOP_USER ?? 'ada'; // or 'bob'
  await page.locator('#email').fill(name);
  await page.getByLabel('Password').fill(\`\${process.env.SHOP_PW as string}\`.length ? 'hunter2' : '');
  ${save}`,
  );
  expect([tests, left[0]?.why]).toEqual([[], 'It types a value that it computes.']);
  const [simple] = read(
    `const name = process.env.SHOP_USER ?? 'ada'; // or 'bob'
  await page.locator('#email').fill(name);
  await page.fill('#password', pass); // 'hunter2'
  await page.getByLabel('Company').fill('17');
  await page.keyboard.press('Enter');
  ${save}`.replace('page.keyboard', "page.getByLabel('Company')"),
    { above: "const pass = 'hunter2';\n" },
  ).tests;
  expect(simple).toMatchObject({
    stateFile: '/shop/user.json',
    parameters: ['username', 'password', 'company'],
    variables: { username: 'SHOP_USER' },
    lines: { username: 5, password: 6, company: 7 },
    usesExpect: false,
  });
  expect(simple?.statements).toBe(`    await page.locator('#email').fill(credentials.username);
    await page.fill('#password', credentials.password);
    await page.getByLabel('Company').fill(credentials.company);
    await page.getByLabel('Company').press('Enter');`);
});

test('a sign-in by request sends credentials', () => {
  const [one] = read(
    `await request.post('/login', { form: { user: 'ada', password: process.env.PW! } });
  await request.storageState({ path: 'user.json' });`,
    { fixtures: 'request' },
  ).tests;
  expect(one?.statements).toBe(
    "    await request.post('/login', { form: { user: credentials.username, password: credentials.password } });",
  );
});

test('the address that a setup test ends on is checked later, if it is written in full', () => {
  const endOf = (...lines: readonly string[]) =>
    read(["await page.goto('/login');", ...lines, save].join('\n')).tests[0]?.endsAt;
  expect(endOf("await page.waitForURL('/team');", "await expect(page).toHaveURL('/orders');")).toBe(
    '/orders',
  );
  expect(endOf("await page.waitForURL('https://shop.example/home');")).toBe('https://shop.example/home');
  for (const line of ["await page.waitForURL('**/home');", 'await page.waitForURL(/home/);', ''])
    expect(endOf(line)).toBeUndefined();
});

test('a flow of an address has a check, and another says how to write one', () => {
  const textOf = (line: string) =>
    read(`${line}\n${save}`).tests.map((one) => movedFlowText(one, { syntax: 'import' }))[0];
  expect(textOf("await page.waitForURL('/orders');")).toContain(
    "  async check({ request }) {\n    return (await request.get('/orders', { maxRedirects: 0 })).ok();\n  },",
  );
  expect(textOf("await page.goto('/orders');")).toContain('  // async check({ request }) {');
});

for (const [what, body, why] of [
  ['a helper', `await login(page); ${save}`, 'It calls "login"'],
  ['evaluated code', `await page.evaluate(() => { localStorage.token = 'hunter2'; }); ${save}`, 'evaluate'],
  ['a header', `await page.request.post('/x', { headers: { Authorization: 'hunter2' } }); ${save}`, 'option'],
  ['an address with a user', `await page.goto('https://ada:hunter2@shop.example'); ${save}`, 'an address'],
  ['single keys', `await page.getByLabel('P').press('h'); ${save}`, 'single letter'],
  ['a variable elsewhere', `await page.goto(process.env.BASE!); ${save}`, '"process"'],
  [
    'a value in two places',
    `await page.getByLabel('Password').fill('hunter2'); await page.getByText('hunter2').click(); ${save}`,
    'a second time',
  ],
  ['no state', "await page.goto('/');", 'does not save one'],
  ['a loop', `for (const a of []) await page.goto(a); ${save}`, 'code that is not copied'],
] as const)
  test(`a setup test with ${what} stays`, () => {
    const { tests, left } = read(body);
    expect(tests).toEqual([]);
    expect(left).toHaveLength(1);
    expect(left[0]?.why).toContain(why);
    expect(left[0]?.why).not.toContain('hunter2');
  });

test('other fixtures, hooks and files that do not parse stay', () => {
  expect(read(save, { fixtures: 'page, shop' }).left[0]?.why).toContain('the fixture "shop"');
  expect(read(save, { above: 'setup.beforeEach(() => {});\n' }).left).toMatchObject([{ line: 2 }]);
  expect(readSetupFile({ file: 'a.ts', text: 'const (' }, scope).left).toMatchObject([{ line: 1 }]);
});

test('a config without projects, or with projects that it computes, has no setup', () => {
  for (const text of ['export default {};', 'export default { projects: all() };', 'const ('])
    expect(findSetupProjects({ configText: text, folder: '/nowhere' })).toBeUndefined();
});
