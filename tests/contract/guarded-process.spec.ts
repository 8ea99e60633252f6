import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { brokerEnvironment, brokerNodeArguments } from '../../src/run/broker-environment.js';
import { freePort, isOpen } from '../support/ports.js';

test.describe.configure({ timeout: 120_000 });
test.skip(process.platform === 'win32', 'signals are POSIX');

const script = fileURLToPath(new URL('../support/guarded-child.mjs', import.meta.url));
let folder: string;
const children: ChildProcess[] = [];

test.beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'guarded-'));
});

test.afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

test('a process without guard opens a debugger to the whole machine on SIGUSR1', async () => {
  const port = await freePort();
  const child = await start(['bare'], { execArgv: [`--inspect-port=${port}`] });
  child.kill('SIGUSR1');
  await expect.poll(() => urlOf(child)).toContain(String(port));
  expect(await isOpen(port)).toBe(true);
});

test('a guarded process opens no debugger on SIGUSR1, and goes on', async () => {
  const port = await freePort();
  const child = await start(['guarded'], { execArgv: [`--inspect-port=${port}`] });
  for (const ask of [1, 2, 3]) {
    child.kill('SIGUSR1');
    expect(await urlOf(child), `after signal ${ask}`).toBeUndefined();
  }
  expect(await isOpen(port)).toBe(false);
});

test('the guard closes a debugger that a signal opened before', async () => {
  const port = await freePort();
  const child = await start(['guarded', 'knocked'], { execArgv: [`--inspect-port=${port}`] });
  expect(await urlOf(child)).toBeUndefined();
  expect(await isOpen(port)).toBe(false);
});

test('a debugger that was requested stays open in a guarded process, but not in the broker', async () => {
  const opener = path.join(folder, 'editor.cjs');
  await writeFile(opener, "require('node:inspector').open(0, '127.0.0.1', false);");
  for (const options of ['--inspect=127.0.0.1:0', `--require ${opener}`]) {
    const env = { ...process.env, NODE_OPTIONS: options };
    expect(await urlOf(await start(['guarded'], { env })), options).toContain('ws://127.0.0.1');
    expect(await urlOf(await start(['broker'], { env })), options).toBeUndefined();
  }
});

test('SIGUSR1 opens no debugger in the broker before its first line', async () => {
  const child = await start(['bare'], { execArgv: brokerNodeArguments() });
  for (const ask of [1, 2, 3]) {
    child.kill('SIGUSR1');
    expect(await urlOf(child), `after signal ${ask}`).toBeUndefined();
  }
});

test("the broker's Node writes no snapshot, profile or report that NODE_OPTIONS of the runner ask for", async () => {
  const written = path.join(folder, 'written');
  const options = [
    `--diagnostic-dir=${written} --report-directory=${written} --report-on-fatalerror --report-on-signal`,
    '--report-signal=SIGCONT --heapsnapshot-signal=SIGURG --inspect=127.0.0.1:0',
  ].join(' ');
  const asked = { ...process.env, NODE_OPTIONS: options, NODE_V8_COVERAGE: written };
  const filesOf = async (child: ChildProcess) => {
    for (const signal of ['SIGCONT', 'SIGURG'] as const) child.kill(signal);
    const url = await urlOf(child);
    child.disconnect();
    await once(child, 'exit');
    return { hasDebugger: url !== undefined, files: (await readdir(written)).length };
  };
  const env = brokerEnvironment(asked, { temporary: path.join(folder, 'temporary') });
  await mkdir(written);
  const broker = await start(['broker'], { env, execArgv: brokerNodeArguments() });
  expect(await filesOf(broker)).toEqual({ hasDebugger: false, files: 0 });
  const { hasDebugger, files } = await filesOf(await start(['bare'], { env: asked }));
  expect({ hasDebugger, hasFiles: files > 0 }).toEqual({ hasDebugger: true, hasFiles: true });
});

test('a core dump of a guarded process has none of its memory', async () => {
  test.skip(process.platform !== 'linux', 'the filter of core dumps is of Linux');
  const bare = await dumpCore('bare');
  test.skip(bare.core === undefined, 'this system writes core dumps elsewhere, or nowhere');
  expect(await holds(bare.core ?? '', bare.secret)).toBe(true);
  await rm(bare.core ?? '');
  const guarded = await dumpCore('guarded');
  expect(guarded.core).toBeDefined();
  expect(await holds(guarded.core ?? '', guarded.secret)).toBe(false);
});

interface StartOptions {
  readonly execArgv?: string[];
  readonly env?: NodeJS.ProcessEnv;
}

async function start(args: string[], { execArgv = [], env = process.env }: StartOptions = {}) {
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  const child = fork(script, args, { execArgv, env, stdio: [...stdio], cwd: folder });
  children.push(child);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('it ended before it said a word')));
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return child;
}

/** Of its debugger, by itself. */
async function urlOf(child: ChildProcess): Promise<string | undefined> {
  const answer = once(child, 'message') as Promise<[{ url?: string }]>;
  child.send('url');
  return (await answer)[0].url;
}

/** Has a process end by `abort` where dumps are allowed. */
async function dumpCore(how: string): Promise<{ core: string | undefined; secret: string }> {
  const command = 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"';
  const child = spawn('/bin/sh', ['-c', command, process.execPath, script, how], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  children.push(child);
  let secret = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (secret += text));
  await once(child, 'message');
  child.send('abort');
  await once(child, 'close');
  const core = (await readdir(folder)).find((name) => name.startsWith('core'));
  return { core: core && path.join(folder, core), secret };
}

async function holds(file: string, text: string): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 22 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([tail, chunk]);
    if (bytes.includes(text)) return true;
    tail = Buffer.from(bytes.subarray(-text.length));
  }
  return false;
}
