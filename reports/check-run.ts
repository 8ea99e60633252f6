import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { checkLeaks } from '../src/artifacts/check-leaks.js';
import { failsRun } from '../src/artifacts/leak.js';
import { createShippedFiles } from '../src/artifacts/shipped-files.js';
import { currentRun, type FinishedRun } from '../src/run/current-run.js';
import { knownSecrets, runRedactor } from '../src/wire/process-memory.js';
import { registerAt } from '../src/wire/register-at.js';
import { formatFindings } from './format-findings.js';
import { outputFolders } from './output-folders.js';
import { createRepair } from './repair.js';
import { reporterPackages } from './reporter-packages.js';
import { removeOrphans, writeShardParts } from './shards/part-files.js';
import type { ShardPart } from './shards/shard-part.js';
import { writtenSnapshots } from './written-snapshots.js';
import { reportsFolder } from '../src/core/report-files.js';

/**
 * Ends the run's broker if necessary, searches the run's output once, and sets the verdict. Reports leaks on standard
 * error, and removes the files. If interrupted, ends the process at once.
 */
export async function endAndCheck(): Promise<'clean' | 'failed' | 'not run'> {
  currentRun.verdict?.leaveOnSignals();
  await currentRun.end?.();
  const { finished } = currentRun;
  currentRun.finished = undefined;
  if (!finished) return 'not run';
  const parts = writeParts(finished, 'not finished');
  const verdict = await judge(finished);
  removeOrphans(parts);
  writeParts(finished, verdict);
  currentRun.verdict?.give(verdict);
  return verdict;
}

/** Without them, `merge-reports` says that the shard is missing. */
function writeParts(finished: FinishedRun, leakCheck: ShardPart['leakCheck']): readonly string[] {
  try {
    const { summary } = currentRun;
    return writeShardParts({ ...finished, summary, env: process.env }, leakCheck);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    print(`the sessions of this run will be missing in merged reports: ${runRedactor.redact(why)}`);
    return [];
  }
}

async function judge(finished: FinishedRun): Promise<'clean' | 'failed'> {
  let isClean = finished.trouble === undefined;
  registerAt.leakCheck();
  if (!isClean) print(`the run fails because its broker ${finished.trouble}.`);
  try {
    if (knownSecrets.length > 0) isClean = (await checkFinishedRun(finished)) === 'clean' && isClean;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    print(`the run fails because the leak check did not finish: ${runRedactor.redact(why)}`);
    isClean = false;
  }
  return isClean ? 'clean' : 'failed';
}

function print(line: string): void {
  process.stderr.write(`auth-sessions: ${line}\n`);
}

async function checkFinishedRun(finished: FinishedRun): Promise<'clean' | 'leaked'> {
  const { config, suiteFolder, leaks } = finished;
  const { all, ofReporters } = outputFolders({
    config,
    folder: suiteFolder,
    env: process.env,
    also: [reportsFolder, ...leaks.folders],
  });
  const roots = [...all, ...(await writtenSnapshots(snapshotFolders(config), finished.startedAtMs))];
  const quarantineFolder = path.resolve(suiteFolder, leaks.quarantineFolder);
  const checked = await checkLeaks({
    roots,
    redactor: runRedactor,
    limits: { seconds: leaks.maxSeconds },
    onLeak: leaks.onLeak,
    quarantineFolder,
    shippedIn: createShippedFiles(reporterPackages(config), finished.startedAtMs),
    repair: createRepair({
      ...finished,
      redactor: runRedactor,
      secrets: knownSecrets,
      ofReporters,
      ofPlaywright: config.projects.map(({ outputDir }) => outputDir),
      ofSuite: leaks.folders.map((one) => path.resolve(suiteFolder, one)),
    }),
  });
  const text = formatFindings(checked, { folder: suiteFolder, quarantineFolder, onLeak: leaks.onLeak });
  if (text !== '') process.stderr.write(`\n${text}`);
  const [failure] = checked.failures;
  if (failure !== undefined) throw asError(failure);
  return checked.findings.some(failsRun) ? 'leaked' : 'clean';
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('it threw something that is not an error');
}

/** The types of Playwright's reporters lack a project's snapshot folder. */
function snapshotFolders({ projects }: FullConfig): string[] {
  return projects.flatMap(({ testDir, ...others }) => {
    const { snapshotDir } = others as { snapshotDir?: unknown };
    return typeof snapshotDir === 'string' ? [testDir, snapshotDir] : [testDir];
  });
}
