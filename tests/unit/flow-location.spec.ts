import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base } from '@playwright/test';
import type { ComposedFlow } from '../../src/cli/recording/compose-flow.js';
import { explainFlow } from '../../src/cli/recording/explain-flow.js';
import { flowLocationOf, type FlowLocation } from '../../src/cli/recording/flow-location.js';
import { writeFlow } from '../../src/cli/recording/write-flow.js';
import { flowFile, type AuthFlow } from '../../src/core/auth-flow.js';
import type { DeclaredSession } from '../../src/core/declared-session.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'flow place ü-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

const imports =
  "import { defineAuthSessions } from 'playwright-auth-sessions';\nexport default defineAuthSessions({});";
const requires =
  "const { defineAuthSessions } = require('../fixtures');\nmodule.exports = defineAuthSessions({});";

for (const [file, text, expected] of [
  [
    'auth-flows/auth-sessions.ts',
    imports,
    ['auth-flows/admin.ts', './admin.ts', 'import', 'playwright-auth-sessions'],
  ],
  [
    'auth-flows/auth-sessions.mts',
    imports,
    ['auth-flows/admin.mts', './admin.mts', 'import', 'playwright-auth-sessions'],
  ],
  [
    'auth-flows/auth-sessions.cts',
    imports,
    ['auth-flows/admin.cts', './admin.cts', 'import', 'playwright-auth-sessions'],
  ],
  [
    'who/sessions.mjs',
    imports,
    ['auth-flows/admin.mjs', '../auth-flows/admin.mjs', 'import', 'playwright-auth-sessions'],
  ],
  ['who/sessions.js', requires, ['auth-flows/admin.js', '../auth-flows/admin.js', 'require', '../fixtures']],
  [
    'sessions.cjs',
    requires.replace('../', './'),
    ['auth-flows/admin.cjs', './auth-flows/admin.cjs', 'require', '../fixtures'],
  ],
  [
    'sessions.cjs',
    'a text that is no code',
    ['auth-flows/admin.cjs', './auth-flows/admin.cjs', 'require', 'playwright-auth-sessions'],
  ],
  [
    'sessions.js',
    'a text that is no code',
    ['auth-flows/admin.js', './auth-flows/admin.js', 'import', 'playwright-auth-sessions'],
  ],
] as const)
  test(`beside ${file} (${text.split(' ', 1)[0] ?? ''} …) a flow is written in its language`, async ({
    folder,
  }) => {
    const place = await placeIn(folder, file, text);
    const { namedAs, syntax, importedFrom, isTaken } = place;
    const shown = path.relative(folder, place.file).replaceAll('\\', '/');
    expect([shown, namedAs, syntax, importedFrom]).toEqual(expected);
    expect(isTaken).toBe(false);
  });

test('a file that came meanwhile stays, and the flow is written beside it; by force it is written over', async ({
  folder,
}) => {
  const place = await placeIn(folder, 'auth-flows/auth-sessions.mjs', imports);
  expect(await writeFlow(place, { text: 'one;\n' }, { force: false })).toEqual(place);
  const second = await writeFlow(place, { text: 'two;\n' }, { force: false });
  expect(second).toMatchObject({ file: place.file.replace('.mjs', '-2.mjs'), namedAs: './admin-2.mjs' });
  await writeFlow(place, { text: 'three;\n' }, { force: false });
  const texts = ['admin', 'admin-2', 'admin-3'].map((name) =>
    readFile(path.join(folder, `auth-flows/${name}.mjs`), 'utf8'),
  );
  expect(await Promise.all(texts)).toEqual(['one;\n', 'two;\n', 'three;\n']);
  await writeFlow(place, { text: 'four;\n' }, { force: true });
  expect(await readFile(place.file, 'utf8')).toBe('four;\n');
});

test('the sessions file is never the place of a flow', async ({ folder }) => {
  await placeIn(folder, 'auth-flows/auth-sessions.ts', imports);
  const sessionsFile = path.join(folder, 'auth-flows/auth-sessions.ts');
  for (const name of ['auth-sessions', 'Auth-Sessions'])
    expect(() => flowLocationOf(name, { sessionsFile, folder })).toThrow('overwrite the sessions file');
});

test('a session that already uses the file, under any name, gets no advice to name it', async ({
  folder,
}) => {
  const place = await placeIn(folder, 'auth-flows/auth-sessions.ts', imports);
  for (const own of [place.file, pathToFileURL(place.file).href])
    expect(told(place, { [flowFile]: own } as unknown as AuthFlow<string>)).toEqual([
      'Then try it: npx playwright-auth-sessions create admin --headed',
    ]);
  expect(told(place, { [flowFile]: `${place.file}x` } as unknown as AuthFlow<string>)[0]).toBe(
    `In auth-sessions.ts, set it as the flow of "admin": flow: './admin.ts'`,
  );
});

test('a code that was typed without a recorded step gets the line to add', async ({ folder }) => {
  const place = await placeIn(folder, 'auth-flows/auth-sessions.ts', imports);
  const flow = { [flowFile]: place.file } as unknown as AuthFlow<string>;
  expect(told(place, flow, { unrecorded: ['code'] })).toEqual([
    'A one-time code was typed, but its step was not recorded: the page may have just opened. Add the step:',
    "  await page.getByLabel('…').fill(await totp());",
    'Or record again with --force, and wait a second before you type on a new page.',
    'Then try it: npx playwright-auth-sessions create admin --headed',
  ]);
});

async function placeIn(folder: string, file: string, text: string): Promise<FlowLocation> {
  const sessionsFile = path.join(folder, file);
  await mkdir(path.dirname(sessionsFile), { recursive: true });
  await writeFile(sessionsFile, text);
  return flowLocationOf('admin', { sessionsFile, folder });
}

function told(place: FlowLocation, flow: AuthFlow<string>, facts: Partial<ComposedFlow> = {}): string[] {
  const composed = {
    ...{ missing: [], parameters: [], usesCode: false, leftOut: 0, refused: 0, unrecorded: [] },
    waitsAtEnd: true,
    ...facts,
  };
  return explainFlow({
    name: 'admin',
    flow: composed as unknown as ComposedFlow,
    place,
    declared: { type: 'credentials', flow } as unknown as DeclaredSession,
    suite: { sessionsFile: path.join(path.dirname(place.file), 'auth-sessions.ts') },
    vault: 'automation',
  });
}
