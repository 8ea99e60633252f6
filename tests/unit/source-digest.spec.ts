import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix, win32 } from 'node:path';
import { expect } from '@playwright/test';
import { createSourceDigests, digestSources, sourceDigest } from '../../src/declaration/source-digest.js';
import { test as base } from '../support/store/temporary-folder.js';

type Files = Readonly<Record<string, string>>;

const test = base.extend<{ digestOf: (files: Files) => Promise<string> }>({
  digestOf: async ({ folder }, use) => {
    await use(async (files) => {
      await rm(join(folder, 'project'), { recursive: true, force: true });
      for (const [name, text] of Object.entries(files)) {
        const file = join(folder, 'project', name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      return sourceDigest(join(folder, 'project/flow.ts'));
    });
  },
});

test('is the same for the same text, wherever it lies', async ({ digestOf, folder }) => {
  const digest = await digestOf({ 'flow.ts': 'export default 1;' });
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await digestOf({ 'flow.ts': 'export default 1;' })).toBe(digest);
  await mkdir(join(folder, 'moved'));
  await writeFile(join(folder, 'moved/flow.ts'), 'export default 1;');
  expect(await sourceDigest(join(folder, 'moved/flow.ts'))).toBe(digest);
});

test('is the same with the line ends and paths of Windows', async ({ digestOf }) => {
  const lines = ['export default', '1;', ''];
  expect(await digestOf({ 'flow.ts': lines.join('\r\n') })).toBe(
    await digestOf({ 'flow.ts': lines.join('\n') }),
  );
  const names = ['flow.ts', 'a/b.ts', 'aB.ts', 'a.ts'];
  const under = (root: string, separator: string) =>
    new Map(names.map((name) => [root + separator + name.replaceAll('/', separator), name]));
  expect(digestSources('C:\\site\\flow.ts', under('C:\\site', '\\'), win32)).toBe(
    digestSources('/site/flow.ts', under('/site', '/'), posix),
  );
});

test('changes with the flow', async ({ digestOf }) => {
  expect(await digestOf({ 'flow.ts': 'export default 1;' })).not.toBe(
    await digestOf({ 'flow.ts': 'export default 2;' }),
  );
});

for (const [what, statement, file] of [
  ['an import', "import { a } from './steps.ts';", 'steps.ts'],
  ['an import of ./x.js that is written as ./x.ts', "import { a } from './steps.js';", 'steps.ts'],
  ['an import of ./x.mjs that is written as ./x.mts', "import { a } from './steps.mjs';", 'steps.mts'],
  ['an import without an extension', 'import { a } from "./steps";', 'steps.tsx'],
  ['an import of a folder', "import { a } from './steps';", 'steps/index.ts'],
  ['an import of JavaScript', "import a from './steps.js';", 'steps.js'],
  ['an import of JSON', "import a from './steps.json' with { type: 'json' };", 'steps.json'],
  ['an import from above', "import { a } from '../steps.js';", '../steps.ts'],
  ['an import for its effect', "import './steps.js';", 'steps.ts'],
  ['an import over lines', "import {\n  a,\n  b,\n} from './steps.js';", 'steps.ts'],
  ['an import at run time', "const { a } = await import('./steps.js');", 'steps.ts'],
  ['a require', "const { a } = require('./steps.js');", 'steps.ts'],
  ['an export from', "export * from './steps.js';", 'steps.ts'],
  ['an import of some types and a value', "import { type T, a } from './steps.js';", 'steps.ts'],
  ['an import of something named type', "import type from './steps.js';", 'steps.ts'],
  [
    'an import after a type import',
    "import type { T } from './types.js'\nimport { a } from './steps.js';",
    'steps.ts',
  ],
  [
    'an import after the words in a comment',
    "// import type checks\nimport { a } from './steps.js';",
    'steps.ts',
  ],
] as const)
  test(`changes with ${what}`, async ({ digestOf }) => {
    const digests = ['1', '2'].map((text) => () => digestOf({ 'flow.ts': statement, [file]: text }));
    expect(await digests[0]!()).not.toBe(await digests[1]!());
  });

for (const [what, statement] of [
  ['a type import', "import type { T } from './other.js';"],
  ['a type import over lines', "import type {\n  T,\n} from './other.js';"],
  ['a package', "import { a } from 'other';"],
  ['a file that is not imported', ''],
] as const)
  test(`does not change with ${what}`, async ({ digestOf }) => {
    const other = (text: string) => ({
      'flow.ts': statement,
      'other.ts': text,
      'node_modules/other/index.js': text,
    });
    expect(await digestOf(other('1'))).toBe(await digestOf(other('2')));
  });

test('changes with what an imported file imports', async ({ digestOf }) => {
  const files = { 'flow.ts': "import './a/steps.js';", 'a/steps.ts': "import '../b/page.js';" };
  expect(await digestOf({ ...files, 'b/page.ts': '1' })).not.toBe(
    await digestOf({ ...files, 'b/page.ts': '2' }),
  );
});

test('changes when the same text stands in another file', async ({ digestOf }) => {
  const flow = "import './a.js'; import './b.js';";
  expect(await digestOf({ 'flow.ts': flow, 'a.ts': '1', 'b.ts': '2' })).not.toBe(
    await digestOf({ 'flow.ts': flow, 'a.ts': '2', 'b.ts': '1' }),
  );
});

test('comes to an end where files import each other', async ({ digestOf }) => {
  const digest = await digestOf({
    'flow.ts': "import './a.js'; import './flow.js';",
    'a.ts': "import './flow.js'; import './a.js';",
  });
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test('skips an import that leads nowhere: loading reports it', async ({ digestOf }) => {
  expect(await digestOf({ 'flow.ts': "import './gone.js'; import './folder';", 'folder/x.ts': '' })).toMatch(
    /^[0-9a-f]{64}$/,
  );
});

test.describe('with a loader that finds imports by a name', () => {
  const flow = "import { a } from '~/steps';";

  for (const [where, isPart] of [
    ['project/lib/steps.ts', true],
    ['shared/steps.ts', true],
    ['project/node_modules/shared/steps.ts', false],
  ] as const)
    test(`${isPart ? 'changes' : 'does not change'} with ${where}`, async ({ digestOf, folder }) => {
      const file = join(folder, where);
      const digests: string[] = [];
      for (const text of ['1', '2']) {
        await digestOf({ 'flow.ts': flow });
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
        const find = (name: string) => (name === '~/steps' ? file : undefined);
        digests.push(await sourceDigest(join(folder, 'project/flow.ts'), find));
      }
      expect(digests[0] !== digests[1]).toBe(isPart);
    });

  test('changes with a package of the same workspace, which is linked', async ({ digestOf, folder }) => {
    await mkdir(join(folder, 'packages/steps'), { recursive: true });
    await digestOf({ 'flow.ts': flow, 'node_modules/other/index.js': '' });
    await symlink(join(folder, 'packages/steps'), join(folder, 'project/node_modules/steps'), 'junction');
    const digests: string[] = [];
    for (const text of ['1', '2']) {
      await writeFile(join(folder, 'packages/steps/index.ts'), text);
      const find = () => join(folder, 'project/node_modules/steps/index.ts');
      digests.push(await sourceDigest(join(folder, 'project/flow.ts'), find));
    }
    expect(digests[0]).not.toBe(digests[1]);
  });

  test('passes over what is no file', async ({ digestOf, folder }) => {
    const digest = await digestOf({ 'flow.ts': "import 'node:fs'; import 'gone';" });
    const find = (name: string) => (name === 'gone' ? undefined : join(folder, name));
    expect(await sourceDigest(join(folder, 'project/flow.ts'), find)).toBe(digest);
  });
});

test('a file that many sessions share is read once', async ({ digestOf, folder }) => {
  const digest = await digestOf({ 'flow.ts': "import { a } from 'steps';" });
  const looked: string[] = [];
  const { digestOf: digestOnce, files } = createSourceDigests((specifier) => void looked.push(specifier));
  const file = join(folder, 'project/flow.ts');
  expect(await Promise.all([digestOnce(file), digestOnce(file)])).toEqual([digest, digest]);
  expect(await digestOnce(file)).toBe(digest);
  expect(looked).toEqual(['steps']);
  expect([...files]).toEqual([file]);
});
