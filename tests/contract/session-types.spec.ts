import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
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

let folder: string;

/** All projects: one compiler process for them reads the declarations that they share once. */
test.beforeAll(async () => {
  const modules = modulesWithOwnPackage();
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'session-types-')));
  await symlink(modules, path.join(folder, 'node_modules'), 'junction');
  for (const [kind, { type, sessionsFile, files }] of Object.entries(projects)) {
    const settings = {
      ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: ['node'] },
      ...{ allowJs: true, checkJs: true, preserveSymlinks: true, skipLibCheck: true },
    };
    await write(path.join(folder, kind), {
      'package.json': JSON.stringify({ type }),
      'tsconfig.json': JSON.stringify({ compilerOptions: settings }),
      ...files,
    });
    const types = sessionTypesOf(path.join(folder, kind, sessionsFile));
    await writeFile(types.file, types.text);
  }
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

for (const [compiler, title] of [
  ['typescript-native', 'TypeScript 7'],
  ['typescript', 'TypeScript 6'],
] as const)
  test(`with the declaration file, a misspelt session name does not compile with ${title}`, async () => {
    const tsc = path.join(modulesWithOwnPackage(), compiler, 'bin/tsc');
    const compile = ['--build', '--force', '--verbose', ...Object.keys(projects)];
    const { code, output } = await run(process.execPath, [tsc, ...compile], { cwd: folder, quiet: true });
    for (const kind of Object.keys(projects)) expect(output).toContain(`${kind}/tsconfig.json'...`);
    expect(code, output).toBe(0);
  });

async function write(folder: string, files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
}
