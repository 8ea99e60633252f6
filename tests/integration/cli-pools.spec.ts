import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ListedSession } from '../../src/session/listed-session.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { createFileUses } from '../../src/store/file-uses.js';
import { openStore } from '../../src/store/open-store.js';
import { systemClock } from '../../src/time/system-clock.js';
import { createAccountsProject } from '../support/accounts-project.js';
import { createAccountsSite, type AccountsSite } from '../support/accounts-site.js';
import { envelopeOf, runInProcess, startCommand, testStoreKey } from '../support/command-line.js';
import type { NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: AccountsSite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createAccountsSite();
  project = await createAccountsProject(site, { accounts: 3 });
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('a pool and one of its accounts are created, listed, checked and removed by name', async () => {
  expect(await ask('create', 'customer[2]')).toMatchObject({ exitCode: 0 });
  expect([...site.signIns]).toEqual([['pool-2', 1]]);
  expect(await ask('create', 'customer')).toMatchObject({ exitCode: 0 });
  expect(Object.fromEntries(site.signIns)).toEqual({ 'pool-1': 1, 'pool-2': 1, 'pool-3': 1 });
  expect(await statesOf()).toEqual({
    ...{ solo: 'none', few: 'none', 'customer[1]': 'fresh', 'customer[2]': 'fresh', 'customer[3]': 'fresh' },
  });
  expect(await ask('check', 'customer')).toMatchObject({ exitCode: 0 });
  expect(await ask('remove', 'customer[3]')).toMatchObject({ exitCode: 0 });
  expect(await ask('check', 'customer')).toMatchObject({ exitCode: 1 });
  expect(await ask('remove', 'customer')).toMatchObject({ exitCode: 0 });
  expect(Object.values(await statesOf())).toEqual(['none', 'none', 'none', 'none', 'none']);
});

test('an account that does not exist is named, and a browser needs one account', async () => {
  const unknown = await ask('create', 'customer[4]');
  expect(unknown).toMatchObject({ exitCode: 2 });
  expect(unknown.stderr).toContain('There is no session "customer[4]".');
  const exported = await ask('export', 'customer', '--reveal');
  expect(exported).toMatchObject({ exitCode: 2 });
  expect(exported.stderr).toContain('"customer" is a pool of 3 accounts.');
  expect(exported.stderr).toContain('Choose one of them, as "customer[1]".');
});

test('doctor warns of a pool with fewer accounts than a run has workers', async () => {
  const config = await project.read('playwright.config.ts');
  const settings = 'workers: 5, shard: { current: 1, total: 2 },';
  await project.write({ 'playwright.config.ts': config.replace('fullyParallel: true,', settings) });
  const { data } = envelopeOf(await ask('doctor', '--json'));
  const { findings } = data as { findings: Finding[] };
  expect(findings.filter(({ id }) => id === 'pools')).toMatchObject([
    { result: 'warning', seen: 'The pool "customer" has 3 accounts for 10 workers of 2 shards.' },
  ]);
});

test('check and unpack wait for a test that holds an exclusive session, whose state they may replace', async () => {
  expect(await ask('create', 'solo')).toMatchObject({ exitCode: 0 });
  // It was packed before it was declared to be exclusive.
  const declared = await project.read('auth-sessions.ts');
  await project.write({ 'auth-sessions.ts': declared.replace('exclusive: true,', '') });
  const packed = await startCommand(['pack', 'packed.json', 'solo'], options()).ended;
  expect(packed).toMatchObject({ exitCode: 0 });
  await project.write({ 'auth-sessions.ts': declared });
  const folder = path.join(project.folder, '.auth-sessions');
  const uses = createFileUses({
    ...{ folder, clock: systemClock, store: createEncryptedFileStore({ folder, clock: systemClock }) },
  });
  const holder = { machine: hostname(), process: process.pid, worker: 7 };
  const times = { ttlMs: 600_000, waitTtlMs: 600_000 };
  for (const args of [
    ['unpack', 'packed.json'],
    ['check', 'solo'],
  ]) {
    await uses.claim('session:solo', { slots: 1, ticket: 'a', holder, ...times });
    const waiting = startCommand(args, options());
    await waiting.waitFor(/waits for session "solo", as number 1: held by worker 7/);
    await uses.release('session:solo', 'a');
    expect(await waiting.ended).toMatchObject({ exitCode: 0 });
  }
  expect(site.refused).toBe(0);
});

test('pack leaves exclusive sessions out, and refuses one that is named', async () => {
  expect(await ask('create', 'solo', 'customer[1]')).toMatchObject({ exitCode: 0 });
  const file = path.join(project.folder, 'pack.json');
  const named = await ask('pack', file, 'customer[1]', 'solo', '--json');
  expect(named).toMatchObject({ exitCode: 1 });
  expect(envelopeOf(named)).toMatchObject({ errors: [{ code: 'ERR_SESSION_TYPE' }] });
  expect(existsSync(file)).toBe(false);
  const all = await ask('pack', file, '--json');
  expect(all).toMatchObject({ exitCode: 0 });
  expect(envelopeOf(all).data).toMatchObject({ sessions: [{ name: 'customer[1]' }], notPacked: ['solo'] });
  expect((await ask('pack', file)).stderr).toContain('Not packed: solo. An exclusive session has one holder');
});

test('a command that takes an exclusive session away leaves it to be checked, and create does not', async () => {
  const storedMark = async () => {
    const { store, open } = await openStore({
      folder: path.join(project.folder, '.auth-sessions'),
      shownFolder: '.auth-sessions',
      explicitKey: testStoreKey,
      vaultCredential: undefined,
      clock: systemClock,
    });
    const key = (await store.keys()).find((one) => one.startsWith('solo-')) ?? '';
    const opened = await open((await store.get(key)) ?? '', key);
    return opened.ok ? opened.record.handedOutAtMs !== undefined : opened.reason;
  };
  expect(await ask('create', 'solo')).toMatchObject({ exitCode: 0 });
  expect(await storedMark()).toBe(false);
  expect(await ask('export', 'solo', '--reveal')).toMatchObject({ exitCode: 0 });
  expect(await storedMark()).toBe(true);
  expect(await ask('check', 'solo')).toMatchObject({ exitCode: 0 });
  expect(await storedMark()).toBe(false);
});

function ask(...args: string[]) {
  return runInProcess(args, options());
}

function options() {
  return { folder: project.folder, env: { AUTH_SESSIONS_KEY: testStoreKey } };
}

async function statesOf(): Promise<Record<string, string>> {
  const { data } = envelopeOf(await ask('list', '--json'));
  const { sessions } = data as { sessions: ListedSession[] };
  return Object.fromEntries(sessions.map(({ name, state }) => [name, state]));
}
