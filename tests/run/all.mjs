// `npm test`: every check there is, from a fresh clone. The last line is `N passed, N failed, N skipped`.
// `npm run test:fast` and `npm run test:slow` are the two halves of it; what stands behind is for Playwright, as in
// `npm run test:slow -- --shard=1/3`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, explain } from './bootstrap.mjs';
import { addCounts, formatCounts } from './counts.mjs';
import { runLanes } from './lanes.mjs';
import { lanesOf } from './stages.mjs';

const args = process.argv.slice(2);
const tier = args[0] === 'fast' || args[0] === 'slow' ? args[0] : 'all';
const playwrightArgs = args.slice(tier === 'all' ? 0 : 1);
const folder = mkdtempSync(join(tmpdir(), 'auth-sessions-counts-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const counts = addCounts(await runEverything());
console.log(`\n${formatCounts(counts)}`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** Without packages or browser there is nothing to run. */
async function runEverything() {
  try {
    await bootstrap();
  } catch (error) {
    console.error(explain(error));
    return [{ passed: 0, failed: 1, skipped: 0 }];
  }
  return runLanes(lanesOf(tier, { folder, playwrightArgs }), (text) => void process.stdout.write(text));
}
