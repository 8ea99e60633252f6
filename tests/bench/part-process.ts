import { openPart } from './parts/names.js';
import type { PartMessage } from './run-part.js';

const { name, quick, ...given } = JSON.parse(process.argv[2] ?? '{}') as {
  name: string;
  rounds?: number;
  quick: boolean;
};
// Without the process that started it, nobody gets its results.
process.once('disconnect', () => process.exit(1));
try {
  const part = await openPart(name);
  const rounds = given.rounds ?? (quick ? 1 : part.usualRounds);
  const result = await part.run({ rounds, quick, progress: (progress) => send({ progress }) });
  send({ title: part.title, rounds, result });
} catch (error) {
  send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
}
process.removeAllListeners('disconnect');
process.disconnect();

function send(message: PartMessage): void {
  process.send?.(message);
}
