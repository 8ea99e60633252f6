import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { sessionTypesOf } from '../../src/declaration/session-types.js';
import { run } from '../run/command.mjs';
import { modulesWithOwnPackage } from '../support/package/built-package.js';

test.describe.configure({ mode: 'default', timeout: 300_000 });

type Files = Readonly<Record<string, string>>;

const name = 'playwright-auth-sessions';
const sessions = (names: string) => `defineAuthSessions({ sessions: { ${names} } })`;
const flow = "defineAuthFlow({ parameters: ['username', 'pin'], async create() {} })";
const admin = `admin: { flow: ${flow}, parameters: { username: 'op://a/b/c', pin: 'op://a/b/d' } }`;
/** Sessions without a flow give the compiler nothing to infer from. */
const withoutFlow = `byHand: { type: 'recorder' },
  gateway: { httpCredentials: { username: 'op://a/b/c', password: 'op://a/b/d' } }`;
const customer = "customer: { flow: './sign-in.ts', login: 'op://a/b' }";

/** Session names as tests use them: `@ts-expect-error` makes a missing error an error. */
const uses = `
test.use({ authSession: 'admin' });
test.use({ authSession: { name: 'admin' } });
// @ts-expect-error -- misspelt
test.use({ authSession: 'admim' });
test('…', async ({ authSessions, credentials }) => {
  await authSessions.newPage('admin');
  // @ts-expect-error -- misspelt
  await authSessions.newPage('admim');
  (await credentials('admin')).pin.trim();
  // @ts-expect-error -- not a parameter of its flow
  (await credentials('admin')).password;
});
`;
const importing = `import { defineAuthFlow, defineAuthSessions, test, withAuthSessions } from '${name}';`;
const requiring = `const { defineAuthFlow, defineAuthSessions, test, withAuthSessions } = require('${name}');`;

const projects: Readonly<Record<string, { type: string; sessionsFile: string; files: Files }>> = {
  'TypeScript, ES modules': {
    type: 'module',
    sessionsFile: 'auth-flows/auth-sessions.ts',
    files: {
      'auth-flows/auth-sessions.ts': `${importing} export default ${sessions(admin)};`,
      'tests/a.spec.ts': importing + uses,
    },
  },
  'TypeScript, CommonJS': {
    type: 'commonjs',
    sessionsFile: 'auth-flows/auth-sessions.ts',
    files: {
      'auth-flows/auth-sessions.ts': `${importing} export default ${sessions(admin)};`,
      'tests/a.spec.ts': importing + uses,
    },
  },
  'TypeScript, ES modules by their extension': {
    type: 'commonjs',
    sessionsFile: 'auth-flows/auth-sessions.mts',
    files: {
      'auth-flows/auth-sessions.mts': `${importing} export default ${sessions(admin)};`,
      'tests/a.spec.mts': importing + uses,
    },
  },
  'JavaScript, ES modules': {
    type: 'module',
    sessionsFile: 'auth-flows/auth-sessions.js',
    files: {
      'auth-flows/auth-sessions.js': `${importing} export default ${sessions(admin)};`,
      'tests/a.spec.js': importing + uses,
    },
  },
  'JavaScript, CommonJS': {
    type: 'commonjs',
    sessionsFile: 'auth-flows/auth-sessions.js',
    files: {
      'auth-flows/auth-sessions.js': `${requiring} module.exports = ${sessions(admin)};`,
      'tests/a.spec.js': requiring + uses,
    },
  },
  'two sessions files': {
    type: 'module',
    sessionsFile: 'auth-flows/auth-sessions.ts',
    files: {
      'auth-flows/auth-sessions.ts': `${importing} export default ${sessions(admin)};`,
      'other/auth-sessions.ts': `${importing} export default ${sessions(`${customer}, ${withoutFlow}`)};`,
      'other/auth-sessions.types.d.ts': sessionTypesOf('/other/auth-sessions.ts').text,
      'tests/a.spec.ts': `${importing}${uses}test.use({ authSession: 'customer' }); test.use({ authSession: 'byHand' });`,
    },
  },
  'sessions that are also registered by hand': {
    type: 'module',
    sessionsFile: 'auth-flows/auth-sessions.ts',
    files: {
      'auth-flows/auth-sessions.ts': `${importing} const all = ${sessions(`${admin}, ${withoutFlow}`)}; export default all;
declare module '${name}' { interface AuthSessionsRegister { sessions: typeof all } }`,
      'tests/a.spec.ts': importing + uses,
    },
  },
};

for (const [compiler, title] of [
  ['typescript-native', 'TypeScript 7'],
  ['typescript', 'TypeScript 6'],
] as const)
  test(`with the declaration file, a misspelt session name does not compile with ${title}`, async () => {
    const modules = modulesWithOwnPackage();
    const tsc = path.join(modules, compiler, 'bin/tsc');
    for (const [kind, { type, sessionsFile, files }] of Object.entries(projects))
      await test.step(kind, async () => {
        const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'session-types-')));
        try {
          await symlink(modules, path.join(folder, 'node_modules'), 'junction');
          const settings = {
            ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: ['node'] },
            ...{ allowJs: true, checkJs: true, preserveSymlinks: true, skipLibCheck: true },
          };
          await write(folder, {
            'package.json': JSON.stringify({ type }),
            'tsconfig.json': JSON.stringify({ compilerOptions: settings }),
            ...files,
          });
          const types = sessionTypesOf(path.join(folder, sessionsFile));
          await writeFile(types.file, types.text);
          const { output } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder, quiet: true });
          expect(output, `${kind}\n${await readFile(types.file, 'utf8')}`).toBe('');
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      });
  });

async function write(folder: string, files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
}
