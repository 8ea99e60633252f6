import { runShard, type ShardOptions } from './shard.js';

/** Runs the shards that it is sent, one after another: each has its own broker. */
process.on('message', (options: ShardOptions) => {
  runShard(options).then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
