import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createCanaries, type Canaries } from '../support/leaks/canaries.js';
import { createCanarySite, type CanarySite } from '../support/leaks/canary-site.js';
import { createGuardedProject, type CarelessProjectOptions } from '../support/leaks/careless-project.js';
import { interruptedSuite, selfWrittenSuite, smallSuite } from '../support/leaks/careless-suite.js';
import { findCanaries } from '../support/leaks/count-finds.js';
import { keptCode, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

let canaries: Canaries;
let site: CanarySite;
let project: NestedProject;

test.beforeEach(async () => {
  canaries = createCanaries();
  site = await createCanarySite(canaries);
});

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

const create = async (suite: string, more: Partial<CarelessProjectOptions> = {}) =>
  (project = await createGuardedProject({ siteUrl: site.url, canaries, suite, ...more }));
const finds = (run: { readonly output: string }) => findCanaries(project, run, { canaries, site });

test('two shards with reporters of the command line, their merged report and a list of the tests contain no secret', async () => {
  await create(smallSuite);
  const listed = await project.run(['--list', '--reporter=json']);
  expect(JSON.parse(listed.stdout)).toHaveProperty('suites');
  let output = listed.output;
  await mkdir(path.join(project.folder, 'merged'));
  for (const shard of [1, 2]) {
    const run = await project.run([`--shard=${shard}/2`, '--retries=0', '--reporter=json,blob']);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('"suites"');
    output += run.output;
    for (const name of readdirSync(path.join(project.folder, 'blob-report')))
      await rename(path.join(project.folder, 'blob-report', name), path.join(project.folder, 'merged', name));
  }
  const merged = await project.run(['--reporter=json,list', 'merged'], { command: 'merge-reports' });
  expect(merged.stdout).toContain('[redacted:quotes.password]');
  expect(merged.stdout).toContain('[redacted:markup.password]');
  expect(await finds({ output: output + merged.output })).toEqual([]);
});

const traces = {
  failed: "'retain-on-failure'",
  retried: "'on-first-retry'",
  snapshots: "{ mode: 'on', snapshots: { dom: true, aria: true, screen: true }, sources: true }",
};

test('traces of every mode contain no secret, also of retries, and can be opened', async () => {
  const projects = Object.entries(traces).map(
    ([name, trace]) => `{ name: '${name}', use: { trace: ${trace} } },`,
  );
  await create(smallSuite, { config: `projects: [${projects.join('')}],` });
  const run = await project.run(['--grep', 'quotes', '--retries=1', '--reporter=list']);
  expect(run.output).toContain('3 failed');
  expect(await finds(run)).toEqual([]);
  const results = path.join(project.folder, 'reports/output/test-results');
  const files = readdirSync(results, { recursive: true, encoding: 'utf8' });
  const kept = files.filter((file) => file.endsWith('trace.zip'));
  expect(kept.length).toBeGreaterThan(4);
  for (const file of kept)
    expect(actionsOf(path.join(results, file)), file).toContain('[redacted:quotes.password]');
});

test('a run that only restores sessions knows its local credentials before a test shows one', async () => {
  await create(`import { readFileSync } from 'node:fs';
    import { test } from './identity.js';
    test('shows what it found elsewhere', async ({ page }, testInfo) => {
      const password = readFileSync('elsewhere.txt', 'utf8');
      await page.goto('/echo?text=' + encodeURIComponent(password));
      await testInfo.attach('password', { body: password });
    });`);
  await project.write({ 'elsewhere.txt': canaries.passwords.words ?? '' });
  await project.run([]);
  const run = await project.run([]);
  expect(run.output).toContain('0 sign-ins, 0 vault requests, 0 codes');
  expect(run.output).not.toContain('redacted after the run');
  expect(run.exitCode).toBe(0);
  expect(await finds(run)).toEqual([]);
});

test('a file with a secret fails a run whose tests passed; onLeak: delete deletes it, and keeps no copy', async () => {
  await create(selfWrittenSuite, { options: "leaks: { onLeak: 'delete' }," });
  const run = await project.run(['--retries=0', '--reporter=list']);
  expect(run.output).toContain('1 passed');
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain('because it leaked secrets');
  expect(run.output).toContain('words.password in reports/output/notes.json (plain)');
  expect(existsSync(path.join(project.folder, 'reports/output/notes.json'))).toBe(false);
  expect(existsSync(path.join(project.folder, '.auth-sessions/quarantine'))).toBe(false);
  expect(await finds(run)).toEqual([]);
});

test('the output of a run whose broker died is searched', async () => {
  await create(interruptedSuite.replace('600_000', '6_000').replace("console.log('ready '", killBroker));
  const run = await project.run(['--retries=0', '--reporter=list']);
  expect(run.output).toContain('the broker ended unexpectedly and is restarted');
  expect(run.output).toContain('ready [redacted:quotes.password]');
  expect(await finds(run)).toEqual([]);
});

test('Ctrl-C during the search ends the run at once, as failed', async () => {
  await create(`import { test } from './identity.js';
    import { randomBytes } from 'node:crypto'; import { mkdirSync, writeFileSync } from 'node:fs';
    test('leaves much', async ({ identity }) => {
      await identity('words');
      mkdirSync('reports/output/much', { recursive: true });
      for (let number = 0; number < 12; number += 1)
        writeFileSync('reports/output/much/' + number, Buffer.alloc(32 * 1024 * 1024, randomBytes(64)));
    });`);
  const running = project.start(['--retries=0', '--reporter=list']);
  await running.waitFor(/1 passed/);
  running.process.kill('SIGINT');
  const { exitCode } = await running.ended;
  expect(exitCode).not.toBe(0);
});

/** Every broker of this run's, as its runner sees them. */
const killBroker = `const { execFileSync } = await import('node:child_process');
  for (const line of execFileSync('ps', ['-eo', 'pid=,ppid=,args=']).toString().split('\\n')) {
    const [pid, parent] = line.trim().split(/ +/);
    if (Number(parent) === process.ppid && line.includes('broker/main.js')) process.kill(Number(pid), 'SIGKILL');
  }
  console.log('ready '`;

function actionsOf(trace: string): string {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const options = { cwd: path.dirname(trace), env: { ...process.env, ...keptCode } };
  execFileSync(process.execPath, [cli, 'trace', 'open', trace], options);
  return execFileSync(process.execPath, [cli, 'trace', 'actions'], options).toString();
}
