import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { loadAuthSessions, loadFlowOf } from '../../src/declaration/load-auth-sessions.js';
import { errorOf } from '../support/session-bench.js';
import { test as base } from '../support/store/temporary-folder.js';

type Files = Readonly<Record<string, string>>;

const core = (name: string) =>
  JSON.stringify(pathToFileURL(join(import.meta.dirname, `../../src/core/${name}.ts`)).href);
const importFlow = `import { defineAuthFlow } from ${core('auth-flow')};\n`;
const importSessions = `import { defineAuthSessions } from ${core('auth-session')};\n`;
const flow = `${importFlow}export default defineAuthFlow({
  parameters: ['username'],
  async create({ page }: { page: { goto(url: string): Promise<void> } }) { await page.goto('/'); },
  signedOut: ({ status }) => status === 401,
});`;
const sessionsOf = (sessions: string, rest = '') =>
  `${importSessions}export default defineAuthSessions({ sessions: { ${sessions} }, ${rest} });`;
const byPath = `admin: { flow: './flow.ts', parameters: { username: 'op://\${VAULT}/admin/username' } }`;

const test = base.extend<{ write: (files: Files) => Promise<string> }>({
  write: async ({ folder }, use) => {
    await use(async (files) => {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
      return join(folder, 'auth-sessions.ts');
    });
  },
});

test('loads sessions and their flows, in TypeScript', async ({ write }) => {
  const file = await write({
    'auth-sessions.ts': sessionsOf(byPath, "environment: 'local'"),
    'flow.ts': flow,
  });
  const { options, sessions } = await loadAuthSessions(file, { VAULT: 'qa' });
  expect(options).toMatchObject({ environment: 'local' });
  expect([...sessions.keys()]).toEqual(['admin']);
  const admin = sessions.get('admin');
  expect(admin?.flow?.parameters).toEqual(['username']);
  expect(admin?.values.get('username')?.text).toBe('op://qa/admin/username');
  expect(admin?.flowDigest).toMatch(/^[0-9a-f]{64}$/);
});

test('loads a sessions file in JavaScript, and one that defines nothing with our functions', async ({
  write,
}) => {
  const file = await write({
    'sessions.mjs': `export default { sessions: { visitor: { type: 'runtime', flow: { create() {} } } } };`,
  });
  const { sessions } = await loadAuthSessions(join(dirname(file), 'sessions.mjs'), {});
  expect(sessions.get('visitor')).toMatchObject({ type: 'runtime' });
});

test('reports two accounts of a pool that are the same', async ({ write }) => {
  const set = (item: string) => `{ username: 'op://qa/${item}/username' }`;
  const file = await write({
    'auth-sessions.ts': sessionsOf(
      `agent: { flow: './flow.ts', accounts: [${['a', 'b', 'a'].map(set).join(', ')}] }`,
    ),
    'flow.ts': flow,
  });
  expect(await errorOf(loadAuthSessions(file, {}))).toMatchObject({
    ...{ code: 'ERR_CONFIG_INVALID', session: 'agent' },
    explanation: { failed: 'Session "agent": accounts 1 and 3 have the same parameters.' },
  });
});

test('reports each session whose vault connection is not declared, once for a pool', async ({ write }) => {
  const named = (rest: string) => `{ flow: './flow.ts', ${rest} }`;
  const username = "username: 'op://qa/admin/username'";
  const sessions = `
    admin: ${named(`parameters: { ${username} }, vault: 'staging'`)},
    tenant: ${named(`parameters: { ${username} }, vault: 'stagign'`)},
    agent: ${named(`accounts: [{ ${username} }, { username: 'op://qa/b/username' }], vault: 'nowhere'`)}`;
  const file = await write({
    'auth-sessions.ts': sessionsOf(sessions, 'vaults: { staging: {} }'),
    'flow.ts': flow,
  });
  const { message } = await errorOf(loadAuthSessions(file, {}));
  expect(message).toContain(
    'Session "tenant": there is no vault connection "stagign". Did you mean "staging"?',
  );
  expect(message.match(/Session "agent": there is no vault connection "nowhere"/g)).toHaveLength(1);
  expect(message).not.toContain('"admin"');
  await write({ 'none.ts': sessionsOf(sessions) });
  expect((await errorOf(loadAuthSessions(join(dirname(file), 'none.ts'), {}))).message).toContain(
    'Declare it: vaults: { "staging": {} }.',
  );
});

test('gives an imported flow the digest of the file it was written in', async ({ write }) => {
  const imported = `import flow from './flows/flow.js';\n${sessionsOf(byPath.replace("'./flow.ts'", 'flow'))}`;
  const digests: (string | undefined)[] = [];
  for (const [folder, comment] of [
    ['one', ''],
    ['two', ''],
    ['three', '// edited'],
  ] as const) {
    const files = { [`${folder}/sessions.ts`]: imported, [`${folder}/flows/flow.ts`]: flow + comment };
    const file = join(dirname(await write(files)), folder, 'sessions.ts');
    digests.push((await loadAuthSessions(file, { VAULT: 'qa' })).sessions.get('admin')?.flowDigest);
  }
  expect(digests[0]).toBe(digests[1]);
  expect(digests[0]).not.toBe(digests[2]);
});

test('gives a flow the same digest, named by its path or imported', async ({ write }) => {
  const file = await write({
    'auth-sessions.ts': `import flow from './flow.js';\n${sessionsOf(
      `${byPath}, same: ${byPath.replace('admin: ', '').replace("'./flow.ts'", 'flow')}`,
    )}`,
    'flow.ts': flow,
  });
  const { sessions } = await loadAuthSessions(file, { VAULT: 'qa' });
  expect(sessions.get('admin')?.flowDigest).toBe(sessions.get('same')?.flowDigest);
});

test.describe('a flow has another digest when a file changes that it imports', () => {
  for (const [how, specifier, digestCounts] of [
    ["by one of tsconfig's paths", '~/go', true],
    ["by one of tsconfig's paths, with an extension", '~/go.js', true],
    ["by one of its package's #imports", '#go', true],
    ['from a file that is imported so', '~/via', true],
    ['but not from a package', 'other', false],
  ] as const)
    test(how, async ({ write }) => {
      const digests: (string | undefined)[] = [];
      for (const number of [1, 2]) {
        const folder = `run-${number}`;
        const file = await write({
          [`${folder}/package.json`]: '{ "type": "module", "imports": { "#go": "./lib/go.ts" } }',
          [`${folder}/tsconfig.json`]: '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
          [`${folder}/lib/go.ts`]: `export const go: number = ${number};`,
          [`${folder}/lib/via.ts`]: "export { go } from '~/go';",
          [`${folder}/node_modules/other/package.json`]: '{ "type": "module", "exports": "./index.js" }',
          [`${folder}/node_modules/other/index.js`]: `export const go = ${number};`,
          [`${folder}/flows/flow.ts`]: `import { go } from '${specifier}';\nvoid go;\n${flow}`,
          [`${folder}/auth-sessions.ts`]: sessionsOf(byPath.replace('./flow.ts', './flows/flow.ts')),
        });
        const { sessions } = await loadAuthSessions(join(dirname(file), folder, 'auth-sessions.ts'), {
          VAULT: 'qa',
        });
        digests.push(sessions.get('admin')?.flowDigest);
      }
      expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(digests[0] !== digests[1]).toBe(digestCounts);
    });
});

test('comes to an end with CommonJS whose default export is the module itself', async ({ write }) => {
  const itself = 'module.exports.default = module.exports;';
  const file = await write({
    'auth-sessions.ts': sessionsOf(byPath.replace('flow.ts', 'flow.cjs')),
    'flow.cjs': `const { defineAuthFlow } = require(${core('auth-flow')});
      module.exports = { ...defineAuthFlow({ create() {} }) }; ${itself}`,
    'none.cjs': `module.exports = {}; ${itself}`,
  });
  expect((await loadAuthSessions(file, { VAULT: 'qa' })).sessions.get('admin')?.flow).toBeDefined();
  const error = await errorOf(loadAuthSessions(join(dirname(file), 'none.cjs'), {}));
  expect(error.message).toContain('none.cjs exports no sessions.');
});

test('gives a session without a flow no digest', async ({ write }) => {
  const file = await write({ 'auth-sessions.ts': sessionsOf("recorded: { type: 'recorder' }") });
  expect((await loadAuthSessions(file, {})).sessions.get('recorded')).toMatchObject({
    flow: undefined,
    flowDigest: 'none',
  });
});

test('leaves nothing beside the files it loads', async ({ write, folder }) => {
  const file = await write({ 'auth-sessions.ts': sessionsOf(byPath), 'flow.ts': flow });
  await loadAuthSessions(file, { VAULT: 'qa' });
  expect((await readdir(folder)).sort()).toEqual(['auth-sessions.ts', 'flow.ts']);
});

test("gives a worker a session's flow", async ({ write }) => {
  const file = await write({ 'auth-sessions.ts': sessionsOf(byPath), 'flow.ts': flow });
  const loaded = await loadFlowOf(file, 'admin');
  expect(loaded?.signedOut?.({ url: '/', status: 401, isNavigation: false })).toBe(true);
  expect(await loadFlowOf(file, 'unknown')).toBeUndefined();
});

test.describe('a sessions file', () => {
  test('a missing sessions file is reported', async ({ folder }) => {
    const file = join(folder, 'auth-sessions.ts');
    const error = await errorOf(loadAuthSessions(file, {}));
    expect(error.message).toBe(
      `The sessions file ${file} does not exist. Its path in withAuthSessions is relative to the Playwright config. ` +
        'Create it with defineAuthSessions, or fix the path. [ERR_SESSIONS_FILE_MISSING]',
    );
  });

  for (const [what, text] of [
    ['does not compile', 'export default {'],
    ['throws', "throw new Error('of its own');"],
    ['imports a missing file', "import './gone.js';"],
  ] as const)
    test(`a sessions file that ${what} is reported`, async ({ write }) => {
      const file = await write({ 'auth-sessions.ts': text });
      const error = await errorOf(loadAuthSessions(file, {}));
      expect(error.code).toBe('ERR_SESSIONS_FILE_BROKEN');
      expect(error.message).toContain(`The sessions file ${file} cannot be loaded. `);
      expect(error.message).toContain('Fix the error shown above.');
    });

  for (const text of ['', 'export const other = {};', 'export default 5;', 'export default {};'])
    test(`a sessions file that exports no sessions is reported: ${text || 'nothing'}`, async ({ write }) => {
      const file = await write({ 'auth-sessions.ts': text });
      expect((await errorOf(loadAuthSessions(file, {}))).message).toBe(
        `The sessions file ${file} exports no sessions. Its default export is not a result of defineAuthSessions. ` +
          'Write: export default defineAuthSessions({ sessions: { … } }). [ERR_SESSIONS_FILE_BROKEN]',
      );
    });

  test('a wrong option is reported before any flow is loaded', async ({ write }) => {
    const file = await write({ 'auth-sessions.ts': sessionsOf(byPath, 'enviroment: 1') });
    expect((await errorOf(loadAuthSessions(file, {}))).message).toContain(
      'Option "enviroment" in auth-sessions.ts is invalid. There is no option "enviroment". Did you mean ' +
        '"environment"?',
    );
  });
});

test.describe('a flow', () => {
  test('a missing flow is reported', async ({ write, folder }) => {
    const file = await write({ 'auth-sessions.ts': sessionsOf(byPath) });
    const error = await errorOf(loadAuthSessions(file, { VAULT: 'qa' }));
    expect(error).toMatchObject({ code: 'ERR_FLOW_MISSING', session: 'admin' });
    expect(error.message).toBe(
      `Session "admin": its auth flow ${join(folder, 'flow.ts')} does not exist. The path is relative to the sessions file.` +
        ' Fix the path, or create the file with defineAuthFlow. [ERR_FLOW_MISSING]',
    );
  });

  for (const [what, text] of [
    ['does not compile', 'export default defineAuthFlow({'],
    ['throws', "throw new Error('of its own');"],
  ] as const)
    test(`a flow that ${what} is reported`, async ({ write, folder }) => {
      const file = await write({ 'auth-sessions.ts': sessionsOf(byPath), 'flow.ts': text });
      const error = await errorOf(loadAuthSessions(file, { VAULT: 'qa' }));
      expect(error).toMatchObject({ code: 'ERR_FLOW_BROKEN', session: 'admin' });
      expect(error.message).toContain(
        `Session "admin": its auth flow ${join(folder, 'flow.ts')} cannot be loaded.`,
      );
    });

  for (const text of ['', 'export default {};', 'export default { create() {} };'])
    test(`a file that exports no flow is reported: ${text || 'nothing'}`, async ({ write, folder }) => {
      const file = await write({ 'auth-sessions.ts': sessionsOf(byPath), 'flow.ts': text });
      expect((await errorOf(loadAuthSessions(file, { VAULT: 'qa' }))).message).toBe(
        `Session "admin": ${join(folder, 'flow.ts')} exports no auth flow. Its default export is not a result of defineAuthFlow.` +
          ' Write: export default defineAuthFlow({ async create({ page, credentials }) { … } }). ' +
          '[ERR_FLOW_BROKEN]',
      );
    });
});

test('reports everything at once, for flows and references', async ({ write }) => {
  const file = await write({
    'auth-sessions.ts': sessionsOf(`
      one: { flow: './gone.ts', parameters: {} },
      two: { flow: './flow.ts', parameters: { username: 'op://qa//username' } },
      three: { flow: './flow.ts', parameters: {} },
      four: { flow: './bad.ts', parameters: { username: 'op://\${UNSET}/a/b' } },
    `),
    'flow.ts': flow,
    'bad.ts': '(',
  });
  const error = await errorOf(loadAuthSessions(file, {}));
  const told = [
    /^5 things are wrong\. $/,
    /^ {2}- Session "one": its auth flow .* does not exist\./,
    /^ {2}- Session "two", parameter "username": Secret reference "op:\/\/qa\/\/username" is malformed\./,
    /^ {2}- Session "three": parameter "username" is missing\./,
    /^ {2}- Session "four": its auth flow .* cannot be loaded\./,
    /^ {2}- Session "four", parameter "username": .* The environment variable "UNSET" in it is not set\./,
    /^Fix them all, then run again\. \[ERR_FLOW_MISSING\]$/,
  ];
  const lines = error.message.split('\n');
  expect(lines).toHaveLength(told.length);
  lines.forEach((line, index) => expect(line).toMatch(told[index]!));
});
