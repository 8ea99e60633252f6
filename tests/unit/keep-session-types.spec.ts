import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { keepSessionTypes } from '../../src/declaration/keep-session-types.js';
import { sessionTypesOf } from '../../src/declaration/session-types.js';
import { test as base } from '../support/store/temporary-folder.js';

const test = base.extend<{ suite: string }>({
  suite: async ({ folder }, use) => {
    const suite = path.join(folder, 'suite');
    await mkdir(path.join(suite, 'auth-flows'), { recursive: true });
    await writeFile(path.join(suite, 'package.json'), '{}');
    await writeFile(path.join(suite, 'tsconfig.json'), '{}');
    await writeFile(path.join(suite, 'auth-flows/auth-sessions.ts'), 'export default …');
    await use(suite);
  },
});

const sessionsFile = (suite: string) => path.join(suite, 'auth-flows/auth-sessions.ts');
const typesFile = (suite: string) => path.join(suite, 'auth-flows/auth-sessions.types.d.ts');
const filesOf = async (suite: string) => (await readdir(path.join(suite, 'auth-flows'))).toSorted();

test('the declaration file has the path of the sessions file in the package, and imports its types', async ({
  suite,
}) => {
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  const text = await readFile(typesFile(suite), 'utf8');
  expect(text).toContain(`    "auth-flows/auth-sessions.ts": typeof import("./auth-sessions.js");\n`);
  expect(text).not.toContain(suite);
});

test('the declaration file has the module kind of its sessions file', () => {
  const kinds = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((ending) => {
    const { file, text } = sessionTypesOf(`/suite/sessions.${ending}`);
    return [path.basename(file), /import\("(.*)"\)/.exec(text)?.[1]];
  });
  expect(kinds).toEqual([
    ['sessions.types.d.ts', './sessions.js'],
    ['sessions.types.d.ts', './sessions.js'],
    ['sessions.types.d.mts', './sessions.mjs'],
    ['sessions.types.d.mts', './sessions.mjs'],
    ['sessions.types.d.cts', './sessions.cjs'],
    ['sessions.types.d.cts', './sessions.cjs'],
  ]);
});

test('an unchanged declaration file is not written again, an outdated one is', async ({ suite }) => {
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  const { ino } = await stat(typesFile(suite));
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  expect((await stat(typesFile(suite))).ino).toBe(ino);
  const { text } = sessionTypesOf(sessionsFile(suite));
  await writeFile(typesFile(suite), text.replace('auth-flows/', 'before/'));
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  expect(await readFile(typesFile(suite), 'utf8')).toBe(text);
});

test('runs that start at once leave one whole declaration file', async ({ suite }) => {
  await Promise.all(Array.from({ length: 20 }, () => keepSessionTypes(sessionsFile(suite), randomUUID)));
  expect(await filesOf(suite)).toEqual(['auth-sessions.ts', 'auth-sessions.types.d.ts']);
  expect(await readFile(typesFile(suite), 'utf8')).toBe(sessionTypesOf(sessionsFile(suite)).text);
});

test('a file of another origin with the name of the declaration file stays', async ({ suite }) => {
  await writeFile(typesFile(suite), 'export type Own = 1;\n');
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  expect(await readFile(typesFile(suite), 'utf8')).toBe('export type Own = 1;\n');
});

test('sessions that are registered by hand get no declaration file', async ({ suite }) => {
  await writeFile(
    sessionsFile(suite),
    "declare module 'playwright-auth-sessions' { interface AuthSessionsRegister {} }",
  );
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  expect(await filesOf(suite)).toEqual(['auth-sessions.ts']);
});

test('a missing sessions file gets no declaration file', async ({ suite }) => {
  await keepSessionTypes(path.join(suite, 'missing/auth-sessions.ts'), randomUUID);
  await keepSessionTypes(path.join(suite, 'auth-flows/other.ts'), randomUUID);
  expect(await filesOf(suite)).toEqual(['auth-sessions.ts']);
});

test('a declaration file that cannot be read or written is no error', async ({ suite }) => {
  await keepSessionTypes(sessionsFile(suite), () => 'missing/folder');
  expect(await filesOf(suite)).toEqual(['auth-sessions.ts']);
  await mkdir(typesFile(suite));
  await keepSessionTypes(sessionsFile(suite), randomUUID);
  expect(await filesOf(suite)).toEqual(['auth-sessions.ts', 'auth-sessions.types.d.ts']);
});
