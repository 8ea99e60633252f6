import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { descendantsOf } from '../bench/process-tree.js';
import type { Results } from '../bench/results.js';
import { repository } from '../support/nested-run.js';

interface RunningBench {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

const test = base.extend<{ folder: string; start: (...args: string[]) => RunningBench }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'b-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  start: async ({ folder }, use) => {
    await use((...args) => {
      const words = ['node_modules/jiti/lib/jiti-cli.mjs', 'tests/bench/run.ts', ...args];
      const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
      const child = spawn(process.execPath, words, { cwd: repository, env });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
      const ended = once(child, 'close').then(() => child.exitCode);
      return { process: child, ended, said: () => said };
    });
  },
});

test('the benchmark writes a table, figures and plots, and leaves nothing else', async ({
  folder,
  start,
}) => {
  const output = path.join(folder, 'results');
  const run = start('restoring', 'broker', '--quick', '--output', output);
  expect(await run.ended, run.said()).toBe(0);
  expect(await readdir(folder)).toEqual(['results']);

  const { parts } = JSON.parse(await readFile(path.join(output, 'results.json'), 'utf8')) as Results;
  expect(parts.map(({ name }) => name)).toEqual(['restoring', 'broker']);
  expect(parts.every(({ result }) => result.tables.every(({ rows }) => rows.length > 0))).toBe(true);
  const table = await readFile(path.join(output, 'results.md'), 'utf8');
  expect(table).toContain('## Restoring');
  expect(table).toContain('| fork to the first session under 250 ms');
  for (const theme of ['light', 'dark'])
    expect(await readFile(path.join(output, `restoring-${theme}.svg`), 'utf8')).toContain('</svg>');
});

test('Ctrl-C ends the benchmark at once, with every process and every temporary file', async ({
  folder,
  start,
}) => {
  test.skip(process.platform === 'win32', 'A signal cannot be sent there.');
  const run = start('broker', '--quick', '--output', path.join(folder, 'results'));
  const pid = run.process.pid ?? 0;
  await expect.poll(() => run.said(), { timeout: 120_000 }).toContain('round 1');
  const below = descendantsOf(pid);
  run.process.kill('SIGINT');
  expect(await run.ended, run.said()).toBe(130);
  await expect.poll(() => below.filter(isAlive)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('an unknown part is an error that lists the parts', async ({ start }) => {
  const run = start('brokers');
  expect(await run.ended).toBe(2);
  expect(run.said()).toContain('Unknown: brokers');
  expect(run.said()).toContain('suite, one-test, restoring, broker, scale, growth, redaction, vault');
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
