import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { expect, test } from '@playwright/test';
import { endChild } from '../../src/run/end-child.js';

/** A child that a signal does not end, as one that waits in the kernel. */
class UnkillableChild extends EventEmitter {
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  readonly signals: (NodeJS.Signals | number | undefined)[] = [];

  kill(signal?: NodeJS.Signals | number): boolean {
    return this.signals.push(signal) > 0;
  }
}

test('a child that ends by itself is not killed', async () => {
  const child = new UnkillableChild();
  const ended = endChild(child as unknown as ChildProcess, { patienceMs: 60_000 });
  child.emit('exit', (child.exitCode = 0), null);
  expect(await ended).toBe('ended');
  expect(child.signals).toEqual([]);
});

test('a child that has ended before is not waited for', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(await endChild(child, { patienceMs: 0 })).toBe('ended');
});

test('a child that does not end in time is killed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  expect(await endChild(child, { patienceMs: 0, killPatienceMs: 60_000 })).toBe('killed');
  expect(child.signalCode).toBe('SIGKILL');
});

test('a child that SIGKILL does not end is reported as stuck, and keeps no listener', async () => {
  const child = new UnkillableChild();
  expect(await endChild(child as unknown as ChildProcess, { patienceMs: 0, killPatienceMs: 0 })).toBe(
    'stuck',
  );
  expect(child.signals).toEqual(['SIGKILL']);
  expect(child.listenerCount('exit')).toBe(0);
});
