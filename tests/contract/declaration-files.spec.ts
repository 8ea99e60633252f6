import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { run } from '../run/command.mjs';
import { modulesWithOwnPackage } from '../support/package/built-package.js';

test.describe.configure({ mode: 'default', timeout: 300_000 });

/** Exports whose types are inferred from what the package returns and passes. */
const files = {
  'package.json':
    '{ "type": "module", "devDependencies": { "@playwright/test": "*", "playwright-auth-sessions": "*" } }',
  'auth-flows/sign-in.ts': `import { defineAuthFlow } from 'playwright-auth-sessions';
export const withPin = defineAuthFlow({
  parameters: ['username', 'pin'],
  async create({ page, credentials, totp, mailbox, person }) {
    await page.getByLabel('Pin').fill(credentials.pin + (await totp()) + (await mailbox.code()) + (await person.code('?')));
    return { headers: { Authorization: 'x' } };
  },
  check: async ({ request }) => (await request.get('/')).ok(),
});
export default defineAuthFlow({ async create({ page }) { await page.goto('/'); } });
`,
  'auth-flows/auth-sessions.ts': `import { defineAuthSessions } from 'playwright-auth-sessions';
import signIn, { withPin } from './sign-in.js';
export const authSessions = defineAuthSessions({
  vaults: { other: {} },
  sessions: {
    admin: { flow: signIn, login: 'op://automation/admin', writeBack: 'test' },
    pool: { flow: signIn, accounts: 2, parameters: { username: 'op://a/b\${account}/c', password: 'op://a/b/d' } },
    list: { flow: withPin, accounts: [{ username: 'op://a/b/c', pin: 'op://a/b/d' }] },
    byHand: { type: 'recorder' },
    late: { type: 'runtime', flow: withPin },
    file: { flow: './sign-in.ts', parameters: {} },
  },
});
export default authSessions;
declare module 'playwright-auth-sessions' {
  interface AuthSessionsRegister { sessions: typeof authSessions }
}
`,
  'fixtures.ts': `import { mergeTests, test as signedIn } from 'playwright-auth-sessions';
import { test as base, type Page } from '@playwright/test';
export const test = mergeTests(signedIn, base.extend<{ number: number }>({ number: async ({}, use) => use(1) }));
export const adminTest = signedIn.extend<{ adminPage: Page }>({
  adminPage: async ({ authSessions }, use) => use(await authSessions.newPage('admin')),
});
export const steps = { test: signedIn };
`,
  'playwright.config.ts': `import { defineConfig } from '@playwright/test';
import { withAuthSessions } from 'playwright-auth-sessions';
export const options = withAuthSessions('./auth-flows/auth-sessions.ts', { use: { authSession: 'admin' } });
export default defineConfig(options);
`,
  'helpers.ts': `import type { AuthSessionsFixture, CreateTools, CredentialsFixture } from 'playwright-auth-sessions';
export const accountOf = (sessions: AuthSessionsFixture) => sessions.accountOf('pool');
export const stateOf = (sessions: AuthSessionsFixture) => sessions.storageState('admin');
export const valuesOf = (credentials: CredentialsFixture) => credentials('list');
export const mailOf = ({ mailbox, person }: CreateTools) => ({ mailbox, person });
`,
  'script.ts': `import { openAuthSessions } from 'playwright-auth-sessions/engine';
export const open = () => openAuthSessions();
export const stateOf = async () => (await open()).storageState('admin');
export const listOf = async () => (await open()).list();
export const checkOf = async () => (await open()).check('admin');
export const contextOf = async () => (await open()).newContext('admin');
`,
};

for (const [compiler, name] of [
  ['typescript-native', 'TypeScript 7'],
  ['typescript', 'TypeScript 6'],
] as const)
  test(`a project that emits declarations, or is composite, compiles with ${name}`, async () => {
    const modules = modulesWithOwnPackage();
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'declarations-')));
    try {
      await symlink(modules, path.join(folder, 'node_modules'), 'junction');
      for (const [file, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
        await writeFile(path.join(folder, file), text);
      }
      const kinds = ['declaration', 'composite'];
      for (const kind of kinds) {
        const settings = {
          ...{ [kind]: true, strict: true, module: 'nodenext', target: 'es2022', types: ['node'] },
          ...{ skipLibCheck: true, preserveSymlinks: true, rootDir: '.', outDir: kind },
        };
        const config = { compilerOptions: settings, files: Object.keys(files).slice(1) };
        await writeFile(path.join(folder, `tsconfig.${kind}.json`), JSON.stringify(config));
      }
      // One process, which reads the package's declarations once.
      const builds = ['--build', ...kinds.map((kind) => `tsconfig.${kind}.json`)];
      const tsc = path.join(modules, compiler, 'bin/tsc');
      const { code, output } = await run(process.execPath, [tsc, ...builds], { cwd: folder, quiet: true });
      expect({ code, output }).toEqual({ code: 0, output: '' });
      expect(existsSync(path.join(folder, 'declaration/fixtures.d.ts'))).toBe(true);
      expect(await readFile(path.join(folder, 'composite/fixtures.d.ts'), 'utf8')).not.toContain('dist/');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
