import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import type { ListedEvent } from '../../src/cli/commands/listed-events.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { runInProcess, testStoreKey } from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject, NestedRun } from '../support/nested-run.js';
import { freePort } from '../support/ports.js';
import { withShortFolder } from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer } from '../support/redis/redis-server.js';
import {
  createSignedInProject,
  quickAccounts,
  sessionOf,
  whoAmITests,
} from '../support/signed-in-project.js';
import { testKey } from '../support/test-key.js';

const { admin, customer } = quickAccounts;
const password = 'shared-by-all-shards-8Kq';

test.describe.configure({ timeout: 300_000 });
test.beforeEach(() => requireRedisServer());

test('three shards on one Redis sign each session in once, use no time step twice, and show its URL to no worker', async () => {
  await withShortFolder(async (folder) => {
    const port = await freePort();
    const settings = ['--port', String(port), '--requirepass', password];
    const redis = await startRedisServer({ folder, settings });
    const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
    const shards: NestedProject[] = [];
    try {
      for (const _ of [1, 2, 3]) shards.push(await createShard(site));
      const env = {
        AUTH_SESSIONS_KEY: testStoreKey,
        AUTH_SESSIONS_STORE_URL: `redis://:${password}@127.0.0.1:${port}`,
      };
      const runs = await Promise.all(
        shards.map((shard, index) => shard.run([`--shard=${index + 1}/3`], { env })),
      );
      for (const run of runs) expect(run.exitCode, run.output).toBe(0);

      await test.step('the site saw one sign-in per session, and no code that was used before', () => {
        expect(site.signIns(admin.email)).toBe(2);
        expect(site.attempts(admin.email)).toBe(2);
        expect(site.signIns(customer.email)).toBe(1);
        expect(site.attempts(customer.email)).toBe(1);
      });
      await test.step('all shards had tests of all sessions', async () => {
        const summaries = await Promise.all(shards.map((shard) => shard.summary()));
        expect(summaries.map(({ sessions }) => sessions.map(({ session }) => session).sort())).toEqual(
          Array.from({ length: 3 }, () => ['admin', 'customer', 'second']),
        );
        expect(summaries.reduce((sum, { totals }) => sum + totals.signIns, 0)).toBe(3);
      });
      await test.step("the store's password is in no environment, report or output", async () => {
        for (const [index, shard] of shards.entries()) {
          expect(await findPassword(shard, runs[index])).toEqual([]);
          const files = await readdir(path.join(shard.folder, 'environments'));
          expect(files.length).toBeGreaterThan(0);
          for (const file of files)
            expect(await shard.read(`environments/${file}`)).not.toContain('AUTH_SESSIONS_STORE_URL');
        }
      });
      await test.step('list shows what happened to sessions on every machine', async () => {
        const [{ folder }] = shards as [NestedProject];
        const { stdout } = await runInProcess(['list', '--json'], { folder, env });
        const { data } = JSON.parse(stdout) as { data: { events: ListedEvent[] } };
        const created = data.events
          .filter(({ outcome }) => outcome === 'created')
          .map(({ session }) => session);
        expect(created.sort()).toEqual(['admin', 'customer', 'second']);
        const listed = await runInProcess(['list'], { folder, env });
        expect(listed.stdout).toMatch(/^lately +outcome +took +machine +ago$/m);
      });
      await test.step('a project with another store key sees nothing of it', async () => {
        const stored = async (key: string) => {
          const [{ folder: place }] = shards as [NestedProject];
          const options = { folder: place, env: { ...env, AUTH_SESSIONS_KEY: key } };
          const { stdout, stderr } = await runInProcess(['list', '--json'], options);
          expect(stdout + stderr).not.toContain(password);
          const { data } = JSON.parse(stdout) as { data: { sessions: { name: string; state: string }[] } };
          return data.sessions.filter(({ state }) => state !== 'none').map(({ name }) => name);
        };
        expect(await stored(testStoreKey)).toEqual(['admin', 'customer', 'second']);
        expect(await stored(testKey('another project'))).toEqual([]);
      });
    } finally {
      for (const shard of shards) await shard.remove();
      await site.close();
      await redis.stop();
    }
  });
});

/** The same project, as each machine checks it out. */
async function createShard(site: ConsultationsSite): Promise<NestedProject> {
  return createSignedInProject({
    siteUrl: site.url,
    files: { 'package.json': '{ "type": "module", "name": "shop" }' },
    tests: {
      'one.spec.ts': whoAmITests('admin', 3, { pages: 0 }) + keepEnvironment,
      'three.spec.ts': whoAmITests('second', 3, { pages: 0, account: 'admin' }) + keepEnvironment,
      'two.spec.ts': whoAmITests('customer', 3, { pages: 0 }) + keepEnvironment,
    },
    moreSessions: sessionOf('second', { account: 'admin' }),
    config: `projects: [1, 2, 3].map((number) => ({ name: 'part-' + number })), reporter: [['list'], ['html', { open: 'never' }], ['json', { outputFile: 'reports/output/results.json' }], ['blob']],`,
  });
}

const keepEnvironment = `
  import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
  test.afterAll(({}, { workerIndex }) => {
    mkdirSync('environments', { recursive: true });
    const started = process.platform === 'linux' ? readFileSync('/proc/self/environ', 'utf8') : '';
    writeFileSync('environments/' + workerIndex + '.txt', JSON.stringify(process.env) + started);
  });`;

/** Where the store's password is in what a run left, archives opened. */
async function findPassword({ folder }: NestedProject, run: NestedRun | undefined): Promise<string[]> {
  const redactor = createRedactor();
  redactor.add(new SecretValue(password, 'password of Redis'));
  await mkdir(path.join(folder, 'printed'), { recursive: true });
  await writeFile(path.join(folder, 'printed/output.txt'), run?.output ?? '');
  const finds: string[] = [];
  const names = await readdir(folder);
  const roots = names.filter((name) => name !== 'node_modules').map((name) => path.join(folder, name));
  for await (const find of findLeaks({ roots, redactor })) finds.push(`${find.kind} in ${find.file}`);
  return finds;
}
