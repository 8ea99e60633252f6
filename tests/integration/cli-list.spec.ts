import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ListedSession } from '../../src/session/listed-session.js';
import { entryKey } from '../../src/core/entry-key.js';
import { sealSession } from '../../src/core/sealed-session.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { loadAuthSessions } from '../../src/declaration/load-auth-sessions.js';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { createFileUses } from '../../src/store/file-uses.js';
import { loadStoreKey } from '../../src/store/store-key.js';
import { systemClock } from '../../src/time/system-clock.js';
import { envelopeOf, runCommand, runInProcess, startCommand, testStoreKey } from '../support/command-line.js';
import { stateOf } from '../support/declared-session.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ timeout: 300_000 });

const baseURL = 'http://127.0.0.1:9';
const hourMs = 3_600_000;

let project: NestedProject;

test.beforeAll(async () => {
  project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', { use: { baseURL: '${baseURL}' } }));`,
    'flow.ts': `
      import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({ parameters: [], create: async () => undefined, check: () => true });`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      const session = { flow: './flow.ts', parameters: {} };
      export default defineAuthSessions({
        sessions: { lately: session, earlier: session, long_ago: session, short: session, foreign: session, never: session },
      });`,
  });
  const nowMs = Date.now();
  await store('lately', nowMs, -1);
  await store('earlier', nowMs - 2 * hourMs, -1);
  await store('long_ago', nowMs - 13 * hourMs, -1);
  await store('short', nowMs - hourMs, (nowMs - 60_000) / 1000);
  await store('foreign', nowMs, -1, testKey('foreign'));
});

test.afterAll(() => project.remove());

test('lists each state with its age and its expiry', async () => {
  const run = await runCommand(['list', '--json'], options());
  const { sessions } = envelopeOf(run).data as { sessions: ListedSession[] };
  expect(
    sessions.map(({ name, state, expiresBy, unusable, ageSeconds }) => [
      ...[name, state, expiresBy, unusable],
      ageSeconds === null ? null : Math.floor(ageSeconds / 3600),
    ]),
  ).toEqual([
    ['lately', 'fresh', 'ttlSeconds', null, 0],
    ['earlier', 'stale', 'ttlSeconds', null, 2],
    ['long_ago', 'expired', 'ttlSeconds', null, 13],
    ['short', 'expired', 'cookie sid0', null, 1],
    ['foreign', 'none', null, 'other-key', null],
    ['never', 'none', null, null, null],
  ]);
});

test('the table for people shows the same', async () => {
  const { stdout, exitCode } = await runInProcess(['list'], options());
  expect(exitCode).toBe(0);
  // On a busy machine a minute or two have passed since they were stored.
  expect(stdout).toMatch(/^earlier .* stale +2 h( \d min)? +in (10 h|9 h 5\d min) \(ttlSeconds\)$/m);
  expect(stdout).toMatch(/^long_ago .* expired +13 h( \d min)? +1 h( \d min)? ago \(ttlSeconds\)$/m);
  expect(stdout).toMatch(/^short .* expired +1 h( \d min)? +\d min ago \(cookie sid0\)$/m);
  expect(stdout).toMatch(/^foreign .* none +- +not usable: sealed with another key$/m);
  expect(stdout).toMatch(/^never .* none +- +-$/m);
});

test('list --watch shows who uses a session on any machine, and Ctrl-C ends it at once', async () => {
  const folder = path.join(project.folder, '.auth-sessions');
  const uses = createFileUses({
    ...{ folder, clock: systemClock, host: 'another machine' },
    store: createEncryptedFileStore({ folder, clock: systemClock }),
  });
  const claim = { slots: 2, ttlMs: 600_000, waitTtlMs: 600_000 };
  const holder = { machine: 'ci-7', process: 12, project: 'chromium', worker: 3 };
  const running = startCommand(['list', '--watch'], options());
  await running.waitFor(/^never /m);
  await uses.claim('session:lately', { ...claim, ticket: 'a', holder });
  await running.waitFor(/^lately +1\/2 +worker 3 of chromium +ci-7 +\d+ s$/m);
  running.process.kill('SIGINT');
  expect((await running.ended).exitCode).toBe(130);
  const { data } = envelopeOf(await runInProcess(['list', '--json'], options()));
  expect(data).toMatchObject({ uses: [{ of: 'lately', slot: 1, slots: 2, machine: 'ci-7', worker: 3 }] });
});

function options() {
  return { folder: project.folder, env: { AUTH_SESSIONS_KEY: testStoreKey } };
}

/** As a run would have sealed it at that time. */
async function store(name: string, madeAtMs: number, expires: number, key = testStoreKey): Promise<void> {
  const { sessions } = await loadAuthSessions(path.join(project.folder, 'auth-sessions.ts'), {});
  const session = sessions.get(name);
  if (!session) throw new Error(`no session ${name}`);
  const entry = entryKey(session, baseURL);
  const { playwright, sessionStorage } = stateOf('a value of some length');
  const cookies = playwright.cookies.map((cookie) => ({ ...cookie, expires }));
  const state = { playwright: { ...playwright, cookies }, sessionStorage };
  const record = { id: name, session: name, createdAtMs: madeAtMs, checkedAtMs: madeAtMs, state };
  const sealingKey = await loadStoreKey({
    explicitKey: new SecretValue(key, 'AUTH_SESSIONS_KEY'),
    stateFolder: project.folder,
    randomBytes: (size) => new Uint8Array(size),
  });
  const files = createEncryptedFileStore({
    folder: path.join(project.folder, '.auth-sessions'),
    clock: systemClock,
  });
  await files.put(entry, await sealSession(record, { entryKey: entry, key: sealingKey }));
}
