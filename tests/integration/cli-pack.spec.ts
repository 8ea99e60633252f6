import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ListedSession } from '../../src/session/listed-session.js';
import type { UnpackedSession } from '../../src/cli/commands/unpack.js';
import type { PackedSession } from '../../src/cli/files/pack-file.js';
import { envelopeOf, runInProcess } from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { withRedisServer } from '../support/redis/redis-fixtures.js';
import { requireRedisServer } from '../support/redis/redis-server.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';
import { testKey } from '../support/test-key.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: ConsultationsSite;
/** The same project on two machines. */
let one: NestedProject;
let other: NestedProject;

test.beforeAll(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const create = () => createSignedInProject({ siteUrl: site.url, tests: {} });
  [one, other] = [await create(), await create()];
});

test.afterAll(async () => {
  await one.remove();
  await other.remove();
  await site.close();
});

const file = () => path.join(one.folder, 'pack.json');
const signIns = () => [site.signIns(admin.email), site.signIns(customer.email)];

async function run({ folder }: NestedProject, args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await runInProcess([...args, '--json'], { folder, env });
  return { ...envelopeOf({ stdout }), exitCode, stderr };
}

async function unpack(project: NestedProject, env?: Record<string, string>, from = file()) {
  const { exitCode, data } = await run(project, ['unpack', from], env);
  const { sessions } = data as { sessions: readonly UnpackedSession[] };
  return { exitCode, outcomes: sessions.map(({ name, outcome }) => `${name} ${outcome}`) };
}

async function states(project: NestedProject, env?: Record<string, string>) {
  const { data } = await run(project, ['list'], env);
  return (data as { sessions: ListedSession[] }).sessions.map(({ state }) => state);
}

async function changed(change: (session: PackedSession) => Partial<PackedSession>): Promise<string> {
  const pack = JSON.parse(await readFile(file(), 'utf8')) as { sessions: PackedSession[] };
  const sessions = pack.sessions.map((session) => ({ ...session, ...change(session) }));
  const copy = path.join(one.folder, 'changed.json');
  await writeFile(copy, JSON.stringify({ ...pack, sessions }));
  return copy;
}

test('packs nothing where nothing is stored, and refuses names that are not stored', async () => {
  expect(await run(one, ['pack', file()])).toMatchObject({ exitCode: 0, data: { sessions: [] } });
  expect(await unpack(other)).toEqual({ exitCode: 0, outcomes: [] });
  const named = await run(one, ['pack', path.join(one.folder, 'named.json'), 'admin']);
  expect(named).toMatchObject({ exitCode: 1, errors: [{ code: 'ERR_SESSION_EXPIRED' }] });
  await expect(readFile(path.join(one.folder, 'named.json'))).rejects.toThrow(/ENOENT/);
});

test('another machine uses what was packed, and signs nobody in', async () => {
  expect(await run(one, ['create', '--all'])).toMatchObject({ exitCode: 0 });
  const packed = await run(one, ['pack', file()]);
  expect(packed).toMatchObject({
    exitCode: 0,
    data: { keyFrom: 'AUTH_SESSIONS_KEY', sessions: [{ name: 'admin' }, { name: 'customer' }] },
  });
  expect(await unpack(other)).toEqual({ exitCode: 0, outcomes: ['admin stored', 'customer stored'] });
  expect(await states(other)).toEqual(['fresh', 'fresh']);
  expect(await run(other, ['create', '--all'])).toMatchObject({ exitCode: 0 });
  expect(signIns()).toEqual([1, 1]);
});

test('a pack has names and times in clear, and neither states nor the key', async () => {
  const revealed = await runInProcess(['export', 'admin', '--reveal'], one);
  const { cookies } = JSON.parse(revealed.stdout) as { cookies: { value: string }[] };
  const text = await readFile(file(), 'utf8');
  expect(cookies.length).toBeGreaterThan(0);
  for (const { value } of cookies) expect(text).not.toContain(value);
  const { sessions } = JSON.parse(text) as { sessions: PackedSession[] };
  const start = /^eyJ/;
  for (const { sealed, expiresAt } of sessions) {
    expect(sealed).toMatch(start);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  }
});

test('a newer state in the store stays', async () => {
  // On the machine that knows which codes it has sent.
  expect(await run(one, ['renew', 'admin'])).toMatchObject({ exitCode: 0, errors: [] });
  const later = path.join(one.folder, 'later.json');
  expect(await run(one, ['pack', later])).toMatchObject({ exitCode: 0 });
  expect(await unpack(other, {}, later)).toEqual({
    exitCode: 0,
    outcomes: ['admin stored', 'customer newer'],
  });
  expect(await unpack(other)).toEqual({ exitCode: 0, outcomes: ['admin newer', 'customer newer'] });
  expect(await run(other, ['check', 'admin'])).toMatchObject({ exitCode: 0 });
});

test('a session sealed with another key, altered, moved or unknown is not stored, and says why', async () => {
  const env = { AUTH_SESSIONS_KEY: testKey('another machine') };
  expect(await unpack(other, env)).toEqual({
    exitCode: 1,
    outcomes: ['admin other-key', 'customer other-key'],
  });
  await run(other, ['remove', '--all']);
  const cut = await changed(({ sealed }) => ({ sealed: `${sealed.slice(0, -9)}AAAAAAAAA` }));
  expect(await unpack(other, {}, cut)).toEqual({
    exitCode: 1,
    outcomes: ['admin altered', 'customer altered'],
  });
  const { sessions } = JSON.parse(await readFile(file(), 'utf8')) as { sessions: PackedSession[] };
  const moved = await changed(({ name }) => ({
    sealed: sessions.find((session) => session.name !== name)?.sealed ?? '',
  }));
  expect(await unpack(other, {}, moved)).toEqual({
    exitCode: 1,
    outcomes: ['admin other-entry', 'customer other-entry'],
  });
  const earlier = await changed(({ name }) => ({ key: `${name}-${'0'.repeat(32)}` }));
  expect(await unpack(other, {}, earlier)).toEqual({
    exitCode: 0,
    outcomes: ['admin unknown', 'customer unknown'],
  });
  expect(await states(other)).toEqual(['none', 'none']);
});

test('packs go from files to Redis, and back', async () => {
  requireRedisServer();
  await withRedisServer([], async ({ url }) => {
    const env = { AUTH_SESSIONS_STORE_URL: url };
    expect(await unpack(one, env)).toEqual({ exitCode: 0, outcomes: ['admin stored', 'customer stored'] });
    expect(await states(one, env)).toEqual(['fresh', 'fresh']);
    const back = path.join(one.folder, 'back.json');
    expect(await run(one, ['pack', back, 'customer'], env)).toMatchObject({ exitCode: 0 });
    expect(await unpack(other, {}, back)).toEqual({ exitCode: 0, outcomes: ['customer stored'] });
    expect(await states(other)).toEqual(['none', 'fresh']);
  });
});
