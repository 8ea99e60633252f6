import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { envelopeOf, runCommand } from '../support/command-line.js';
import { testKey } from '../support/test-key.js';
import {
  browserUse,
  createNestedProject,
  type NestedProject,
  type NestedRun,
} from '../support/nested-run.js';

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

const secrets = {
  SHOP_API_KEY: 'sk_live_4eC39HqLyj"WDarj<tT1zdp7dc',
  SHOP_LATE: 'made-by-the-global-setup-7719',
  'redact.values 2': 'Bearer T0kenOf24Signs9qXw7Lm2Zk',
  'signing key': [
    '-----BEGIN PRIVATE KEY-----',
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
    'MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
};
const env = {
  ...{ SHOP_API_KEY: secrets.SHOP_API_KEY, SHOP_PIN: '4711', SHOP_TOKEN: 'x' },
  AUTH_SESSIONS_KEY: testKey('declared'),
};
const declaration = `, { redact: {
  environment: ['SHOP_API_KEY', 'SHOP_LATE', 'SHOP_TOKN', 'SHOP_PIN'],
  values: () => [
    { name: 'signing key', value: readFileSync('keys/signing.pem', 'utf8') },
    readFileSync('keys/bearer.txt', 'utf8'),
  ],
} }`;

let project: NestedProject;

test.afterEach(() => project.remove());

/** Its sessions need no site: one signs in, one fails with a secret in its error. */
async function createProject(thirdArgument: string): Promise<NestedProject> {
  return createNestedProject({
    'playwright.config.ts': `
      import { readFileSync } from 'node:fs';
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, globalSetup: './setup.ts',
        reporter: [['list'], ['json', { outputFile: 'reports/output/report.json' }],
          ['blob', { outputDir: 'reports/output/blob' }],
          ['html', { outputFolder: 'reports/output/html', open: 'never' }]],
        use: { launchOptions: ${browserUse()}, trace: 'on', extraHTTPHeaders: { 'x-api-key': process.env.SHOP_API_KEY } },
        metadata: { key: process.env.SHOP_API_KEY },
        webServer: { command: 'node server.mjs', wait: { stdout: /listening/ }, stdout: 'pipe' },
      }${thirdArgument}));`,
    'setup.ts': `export default () => { process.env.SHOP_LATE = '${secrets.SHOP_LATE}'; };`,
    'server.mjs': `import { createServer } from 'node:http';
      createServer().listen(0, '127.0.0.1', () => console.log('listening, with ' + process.env.SHOP_API_KEY));`,
    'auth-sessions.ts': `import { defineAuthFlow, defineAuthSessions } from '@auth';
      const good = defineAuthFlow({ parameters: [],
        async create({ context }) {
          await context.addCookies([{ name: 'sid', value: 'the-cookie-of-the-session', url: 'http://127.0.0.1' }]);
        } });
      const bad = defineAuthFlow({ parameters: [],
        create: () => {
          console.error('a flow prints ' + process.env.SHOP_API_KEY);
          throw new Error('refused with ' + process.env.SHOP_API_KEY + ' by the application');
        } });
      export default defineAuthSessions({ environment: 'local', sessions: {
        good: { flow: good, parameters: {} }, bad: { flow: bad, parameters: {}, createAttempts: 1 } } });`,
    '.env.auth-sessions': '',
    'keys/signing.pem': `${secrets['signing key']}\n`,
    'keys/bearer.txt': `${secrets['redact.values 2']}\n`,
    'tests/careless.spec.ts': `import { readFileSync, writeFileSync } from 'node:fs'; import { expect, test } from '@auth';
      const { SHOP_API_KEY, SHOP_LATE } = process.env;
      const pem = readFileSync('keys/signing.pem', 'utf8').trim();
      const [, token] = readFileSync('keys/bearer.txt', 'utf8').trim().split(' ');
      test.use({ authSession: 'good' });
      test('prints ' + SHOP_API_KEY, async ({ page }, testInfo) => {
        console.log('printed', SHOP_API_KEY, SHOP_LATE, token);
        await test.step('with ' + SHOP_API_KEY, () => undefined);
        await testInfo.attach('body', { body: JSON.stringify({ SHOP_API_KEY, pem }), contentType: 'application/json' });
        writeFileSync('keys.txt', pem + token);
        await testInfo.attach('file', { path: 'keys.txt' });
        await page.setContent('<input aria-label="Key">');
        await page.getByLabel('Key').fill(SHOP_API_KEY);
        expect.soft({ pem, token }).toEqual({});
        await test.step('PIN "' + process.env.SHOP_PIN + '"', () => undefined);
      });
      test('fails to sign in', async ({ authSessions }) => { await authSessions.newPage('bad'); });
      test('writes past Playwright', () => writeFileSync('reports/output/left.txt', SHOP_API_KEY));`,
  });
}

async function leaksOf({ output }: Pick<NestedRun, 'output'>, project: NestedProject): Promise<string[]> {
  await project.write({ 'printed/output.txt': output });
  const redactor = createRedactor();
  for (const [label, value] of Object.entries(secrets)) redactor.add(new SecretValue(value, label));
  redactor.add(new SecretValue(secrets['redact.values 2'].replace('Bearer ', ''), 'redact.values 2'));
  const roots = ['printed', 'reports'].map((one) => path.join(project.folder, one));
  const found: string[] = [];
  for await (const finding of findLeaks({ roots, redactor }))
    found.push(
      finding.kind === 'leak'
        ? `${finding.label} in ${path.relative(project.folder, finding.file)}`
        : `${finding.file}: ${finding.reason}`,
    );
  return found;
}

test('a run leaks no declared secret, and the same run without the declaration leaks each', async () => {
  project = await createProject('');
  const unguarded = await leaksOf(await project.run([], { env }), project);
  for (const label of Object.keys(secrets))
    expect(unguarded, label).toEqual(
      expect.arrayContaining(
        ['printed/output.txt', 'reports/output/report.json'].map((at) => `${label} in ${at}`),
      ),
    );
  expect(unguarded).toContain('SHOP_API_KEY in reports/output/left.txt');
  await project.remove();

  project = await createProject(declaration);
  const run = await project.run([], { env });
  expect(await leaksOf(run, project)).toEqual([]);
  for (const text of [
    'printed [redacted:SHOP_API_KEY] [redacted:SHOP_LATE] [redacted:redact.values 2]',
    'prints [redacted:SHOP_API_KEY]',
    'a flow prints [redacted:SHOP_API_KEY]',
    'refused with [redacted:SHOP_API_KEY] by the application',
    'SHOP_API_KEY in reports/output/left.txt (plain)',
    'SHOP_PIN has fewer than 6 characters: it is redacted in fields only.',
    'redact.environment names SHOP_TOKN, which is not set. Did you mean SHOP_TOKEN, which is?',
  ])
    expect(run.output).toContain(text);
  // Playwright puts its prefix before each piece that goes on.
  expect(run.output).toMatch(/\[WebServer\] listening, with (\[WebServer\] )?\[redacted:SHOP_API_KEY\]/);
  expect(await project.read('reports/output/report.json')).toContain('PIN \\"[redacted:SHOP_PIN]\\"');
  expect(run.exitCode).toBe(1);
  expect(await project.read('keys/signing.pem')).toContain(secrets['signing key']);

  const restored = await project.run(['-g', 'writes past'], { env });
  expect((await project.summary()).sessions.map(({ session, outcome }) => [session, outcome])).toEqual([
    ['good', 'restored'],
  ]);
  expect(restored.output).toContain('1 passed');
  expect(restored.output).toContain('SHOP_API_KEY in reports/output/left.txt (plain)');
  expect(restored.exitCode).toBe(1);
  expect(existsSync(path.join(project.folder, 'reports/output/left.txt'))).toBe(false);
});

test('scan searches for the declared secrets, names those it lacks, and stops without a required one', async () => {
  project = await createProject(declaration);
  await project.write({
    'artifacts/log.txt': `${encodeURIComponent(secrets.SHOP_API_KEY)} T0kenOf24Signs9qXw7Lm2Zk`,
  });
  const scan = (own: object, ...more: string[]) =>
    runCommand(['scan', 'artifacts', ...more], { folder: project.folder, env: { ...env, ...own } });
  const found = await scan({});
  expect(found.stdout).toContain('✗ SHOP_API_KEY is in artifacts/log.txt (URI, 1 ×)');
  expect(found.stdout).toContain('✗ redact.values 2 is in artifacts/log.txt (plain, 1 ×)');
  expect(found.stdout).toContain('! SHOP_LATE is not set, so its value is not searched for.');
  expect(found.exitCode).toBe(1);

  const json = await scan({ SHOP_API_KEY: undefined }, '--json');
  expect(envelopeOf(json).data).toMatchObject({ unset: ['SHOP_API_KEY', 'SHOP_LATE', 'SHOP_TOKN'] });

  const config = await project.read('playwright.config.ts');
  await project.write({
    'playwright.config.ts': config.replace("'SHOP_LATE'", "{ name: 'SHOP_LATE', required: true }"),
  });
  const refused = await scan({});
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('ERR_SECRET_MISSING');
  expect(refused.stderr).toContain('The environment variable SHOP_LATE is not set.');
});

for (const [title, thirdArgument, told] of [
  [
    'a function that throws',
    ", { redact: { values: () => [JSON.parse(readFileSync('keys/bearer.txt', 'utf8'))] } }",
    'It threw SyntaxError.',
  ],
  ['a misspelt option', ", { redact: { enviroment: ['SHOP_API_KEY'] } }", 'Did you mean "environment"?'],
  [
    'a required variable that is not set',
    ", { redact: { environment: [{ name: 'SHOP_UNSET', required: true }] } }",
    'The environment variable SHOP_UNSET is not set.',
  ],
] as const)
  test(`${title} stops the run before any test, without a value in the output`, async () => {
    project = await createProject(thirdArgument);
    const run = await project.run([], { env });
    expect(run.output).toContain(told);
    expect(run.output).not.toContain('T0ken');
    expect(run.output).not.toContain('dist/');
    expect(run.output).not.toMatch(/\d passed/);
    expect(run.exitCode).toBe(1);
    expect(existsSync(path.join(project.folder, 'reports/output/left.txt'))).toBe(false);
  });
