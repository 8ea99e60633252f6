import { expect, test } from '@playwright/test';
import { formatDiff } from '../../src/cli/init/format-diff.js';
import { maskSecrets } from '../../src/cli/init/mask-secrets.js';
import { secretLiterals } from '../../src/cli/init/secret-literals.js';
import { createStyle } from '../../src/cli/terminal/style.js';

function valuesOf(text: string, options?: { isSetup: boolean }) {
  return secretLiterals(text, options).map(({ value }) => value);
}

for (const [where, text] of [
  ['typed into a password field', "await page.getByLabel('Password').fill('hunter2');"],
  ['typed by a selector', "await page.fill('input[type=password]', `hunter2`);"],
  ['of a variable that is typed', "const p = 'hunter2';\nawait page.locator('#pw').fill(p as string);"],
  ['behind a variable of the environment', "page.getByLabel('PIN').fill(process.env.ADMIN ?? 'hunter2');"],
  ['sent in a body', "await request.post('/login', { form: { user: 'ada', password: 'hunter2' } });"],
  ['of a property', "export const users = { ada: { password: 'hunter2' } };"],
  ['of a variable', "const ADMIN_PASSWORD = 'hunter2';"],
  ['of a class', "class Shop {\n  #password = 'hunter2';\n}"],
  ['of a parameter', "async function login(page, password = 'hunter2') {}"],
  ['of an assignment', "localStorage.token = 'hunter2';"],
  ['instead of a variable that is missing', "const given = process.env['API_TOKEN'] || 'hunter2';"],
  ['of a header', "export default { use: { extraHTTPHeaders: { 'X-Api-Key': 'hunter2' } } };"],
  [
    'of HTTP authentication',
    "export default { use: { httpCredentials: { username: 'ada', password: 'hunter2' } } };",
  ],
  ['in an address', "await page.goto('https://ada:hunter2@shop.example/');"],
  ['in a query', "await page.goto('/callback?state=a&access_token=hunter2');"],
  ['of a helper that signs in', "await shop.signInAs(page, 'hunter2');"],
  ['in a list of passwords', "const passwords = ['hunter2'];"],
] as const)
  test(`a text ${where} is not shown`, () => {
    expect(valuesOf(text)).toEqual(['hunter2']);
    const shown = maskSecrets('a.spec.ts', text);
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain('hunter2');
  });

test('names of fields, references, roles, and what is typed elsewhere are shown', () => {
  const text = `
    const password = page.getByLabel('Password');
    await password.fill(credentials.password);
    await page.getByLabel('Email').fill('ada@shop.example');
    await page.getByLabel('Search').fill('margherita');
    const passwordField = '#password';
    const one = { password: 'op://automation/admin/password', otp: \`op-env://\${environment}/OTP\` };
    test.use({ authSession: 'customer', storageState: { cookies: [], origins: [] } });
    await loginAs('customer_1', 'playwright/.auth/customer_1.json');
    defineAuthSessions({ onePassword: { auth: { desktopAccount: 'acme' }, tokenExpires: '2027-01-31' } });
    const secretTokens = process.env['TOKEN_OF_ADMIN'];`;
  expect(valuesOf(text)).toEqual([]);
  expect(maskSecrets('a.spec.ts', text)).toBe(text);
});

test('in a setup file, what any helper gets is one, and any typed text but a user name', () => {
  const text = `import { test as setup } from '@playwright/test';
    import { begin } from './helpers';
    const file = './.auth/customer.json';
    setup('authenticate as customer', async ({ page }) => {
      await begin(page, { as: 'customer', with: 'hunter2' }, file);
      await page.getByLabel('Name of your account').fill('ada');
      await page.getByLabel('Company').fill('nr 17');
      await page.getByLabel('Account password').fill('second');
      await page.evaluate(() => localStorage.setItem('session', 'third'));
    });`;
  expect(valuesOf(text, { isSetup: true }).toSorted()).toEqual(
    ['hunter2', 'nr 17', 'second', 'session', 'third'].toSorted(),
  );
  expect(valuesOf(text)).toEqual(['second']);
});

test('a source that cannot be parsed has none', () => {
  expect(valuesOf('const (')).toEqual([]);
});

test('JSON and dotenv files are shown without their values', () => {
  const json = '{ "mcpServers": { "crm": { "env": { "CRM_ACCESS": "hunter2" }, "command": "crm" } } }';
  expect(maskSecrets('/shop/.mcp.json', json)).toBe(json.replace('hunter2', '[redacted]'));
  expect(maskSecrets('.env.auth-sessions.example', "# a\nA__B='hunter2'\nexport C=\nD=two words\n")).toBe(
    "# a\nA__B='[redacted]'\nexport C=\nD=[redacted]\n",
  );
  expect(maskSecrets('.gitignore', '/a=b/\n')).toBe('/a=b/\n');
});

test('a diff keeps its lines where a short or a long value is masked', () => {
  const before = "const password = `a\nb`;\nawait page.getByLabel('PIN').fill('0000');\nconst a = 1;\n";
  const change = { file: '/shop/a.ts', before, after: before.replace('a = 1', 'a = 2') };
  expect(formatDiff([change], '/shop', createStyle({ env: {}, isTerminal: false }))).toBe(
    [
      'a.ts',
      '@@ -1,4 +1,4 @@',
      ' const password = `[redacted]',
      ' `;',
      " await page.getByLabel('PIN').fill('[redacted]');",
      '-const a = 1;',
      '+const a = 2;',
    ].join('\n'),
  );
});
