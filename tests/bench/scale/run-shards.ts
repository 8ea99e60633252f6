import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repository } from '../../support/nested-run.js';
import type { ShardFigures, ShardOptions } from './shard.js';

export interface RunShardsOptions extends Omit<ShardOptions, 'shard'> {
  readonly shards: number;
  /** How many run at the same time, each in its own process. */
  readonly lanes: number;
  readonly onShard?: (ended: number) => void;
}

type Answer = { readonly figures: ShardFigures } | { readonly failed: string };

/** Runs shards, so many at a time, until all have ended. */
export async function runShards(options: RunShardsOptions): Promise<readonly ShardFigures[]> {
  const { shards, lanes, onShard = () => undefined, ...shared } = options;
  const figures: ShardFigures[] = [];
  let next = 0;
  const runLane = async () => {
    const child = fork(
      path.join(repository, 'node_modules/jiti/lib/jiti-cli.mjs'),
      [path.join(import.meta.dirname, 'shard-process.ts')],
      { cwd: repository },
    );
    const ended = once(child, 'exit').then(() => ({ failed: 'A process of shards ended.' }));
    try {
      while (next < shards) {
        child.send({ ...shared, shard: next++ } satisfies ShardOptions);
        const answer = await Promise.race([once(child, 'message').then(([one]) => one as Answer), ended]);
        if ('failed' in answer) throw new Error(answer.failed);
        figures.push(answer.figures);
        onShard(figures.length);
      }
    } finally {
      child.disconnect();
      await ended;
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, shards) }, runLane));
  return figures;
}
