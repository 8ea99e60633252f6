import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { checkLeaks } from '../src/artifacts/check-leaks.js';
import { createShippedFiles } from '../src/artifacts/shipped-files.js';
import { failsRun } from '../src/artifacts/leak.js';
import { currentRun, type FinishedRun } from '../src/run/current-run.js';
import { learnVariables } from '../src/wire/declared-secrets.js';
import { runRedactor, runSecrets } from '../src/wire/process-memory.js';
import { formatFindings } from './format-findings.js';
import { outputFolders } from './output-folders.js';
import { createRepair } from './repair.js';
import { reporterPackages } from './reporter-packages.js';
import { writtenSnapshots } from './written-snapshots.js';

/**
 * Ends the run's broker, unless that has been done, then searches everything that the run has left, once, and gives it
 * its verdict. Reports on standard error what it found, and has removed it. Interrupted, it ends the process at once.
 */
export async function endAndCheck(): Promise<'clean' | 'failed' | 'not run'> {
  currentRun.verdict?.leaveOnSignals();
  await currentRun.end?.();
  const { finished } = currentRun;
  currentRun.finished = undefined;
  if (!finished) return 'not run';
  const verdict = await judge(finished);
  currentRun.verdict?.give(verdict);
  return verdict;
}

async function judge(finished: FinishedRun): Promise<'clean' | 'failed'> {
  let isClean = finished.missing === undefined;
  learnVariables();
  if (!isClean)
    print(`the run counts as failed, as its broker reported nothing at its end: ${finished.missing}.`);
  try {
    if (runSecrets.length > 0) isClean = (await checkFinishedRun(finished)) === 'clean' && isClean;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    print(`the run counts as failed, as its leak check did not end: ${runRedactor.redact(why)}`);
    isClean = false;
  }
  return isClean ? 'clean' : 'failed';
}

function print(line: string): void {
  process.stderr.write(`auth-sessions: ${line}\n`);
}

async function checkFinishedRun(finished: FinishedRun): Promise<'clean' | 'leaked'> {
  const { config, projectFolder, leaks } = finished;
  const { all, ofReporters } = outputFolders({
    config,
    folder: projectFolder,
    env: process.env,
    also: ['reports/output', ...leaks.folders],
  });
  const roots = [...all, ...(await writtenSnapshots(snapshotFolders(config), finished.startedAtMs))];
  const quarantineFolder = path.resolve(projectFolder, leaks.quarantineFolder);
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
      secrets: runSecrets,
      ofReporters,
      ofPlaywright: config.projects.map(({ outputDir }) => outputDir),
      ofProject: leaks.folders.map((one) => path.resolve(projectFolder, one)),
    }),
  });
  const text = formatFindings(checked, { folder: projectFolder, quarantineFolder, onLeak: leaks.onLeak });
  if (text !== '') process.stderr.write(`\n${text}`);
  const [failure] = checked.failures;
  if (failure !== undefined) throw asError(failure);
  return checked.findings.some(failsRun) ? 'leaked' : 'clean';
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('it threw something that is no error');
}

/** Types of Playwright's reporters leave the folder out that a project can have for them. */
function snapshotFolders({ projects }: FullConfig): string[] {
  return projects.flatMap(({ testDir, ...others }) => {
    const { snapshotDir } = others as { snapshotDir?: unknown };
    return typeof snapshotDir === 'string' ? [testDir, snapshotDir] : [testDir];
  });
}
