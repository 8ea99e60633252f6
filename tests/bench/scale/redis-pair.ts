import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../support/ports.js';

/** A main Redis with its replica, and a Sentinel that watches both. */
export interface RedisPair {
  /** The Sentinel's. The main server's name is `mymaster`. */
  readonly url: string;
  /** Stops the main server, and starts it again with its data, before the Sentinel takes it for dead. */
  restart(): Promise<void>;
  /** Kills the main server, once it is copied. Resolves when the replica is the main server. */
  failOver(onKill: () => void): Promise<void>;
  close(): Promise<void>;
}

const downAfterMs = 4000;

export async function startRedisPair(): Promise<RedisPair> {
  const folder = mkdtempSync(path.join(tmpdir(), 'redis-'));
  const children = new Set<ChildProcess>();
  const [port, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];

  const start = async (own: number, words: readonly string[]) => {
    const child = spawn('redis-server', words, { stdio: 'ignore' });
    children.add(child);
    await until(() => ask(own, ['ping']).includes('PONG'));
    return child;
  };
  const startServer = (name: string, own: number, settings: readonly string[] = []) => {
    const data = path.join(folder, name);
    mkdirSync(data, { recursive: true });
    const kept = ['--dir', data, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
    return start(own, ['--port', String(own), '--bind', '127.0.0.1', ...kept, ...settings]);
  };
  const stop = async (child: ChildProcess, signal: NodeJS.Signals) => {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  let main = await startServer('main', port);
  await startServer('replica', replicaPort, ['--replicaof', `127.0.0.1 ${port}`]);
  const conf = path.join(folder, 'sentinel.conf');
  const settings = [
    `monitor mymaster 127.0.0.1 ${port} 1`,
    `down-after-milliseconds mymaster ${downAfterMs}`,
    'failover-timeout mymaster 10000',
  ];
  const place = [`port ${sentinelPort}`, 'bind 127.0.0.1', `dir ${folder}`];
  writeFileSync(conf, [...place, ...settings.map((one) => `sentinel ${one}`), ''].join('\n'));
  await start(sentinelPort, [conf, '--sentinel']);
  await until(() => ask(sentinelPort, ['sentinel', 'replicas', 'mymaster']).includes(String(replicaPort)));
  const isCopied = () => ask(replicaPort, ['info', 'replication']).includes('master_link_status:up');
  await until(isCopied);

  return {
    url: `redis://127.0.0.1:${sentinelPort}`,
    async restart() {
      await stop(main, 'SIGTERM');
      main = await startServer('main', port);
    },
    async failOver(onKill) {
      await until(isCopied);
      onKill();
      await stop(main, 'SIGKILL');
      await until(() => ask(replicaPort, ['role']).startsWith('master'));
    },
    async close() {
      for (const child of children) await stop(child, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What `redis-cli` prints. */
export function ask(port: number | string, words: readonly string[]): string {
  const place = typeof port === 'number' ? ['-p', String(port)] : ['-s', port];
  return spawnSync('redis-cli', [...place, ...words], { encoding: 'utf8' }).stdout;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let left = 300; left > 0; left -= 1) {
    if (isSo()) return;
    await delay(100);
  }
  throw new Error('Redis is not ready after 30 s.');
}
