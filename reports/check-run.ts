import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { checkLeaks } from '../src/artifacts/check-leaks.js';
import { failsRun } from '../src/artifacts/leak.js';
import { currentRun, type FinishedRun } from '../src/broker/current-run.js';
import { runRedactor, runSecrets } from '../src/broker/run-redactor.js';
import { formatFindings } from './format-findings.js';
import { outputFolders } from './output-folders.js';
import { createRepair } from './repair.js';
import { writtenSnapshots } from './written-snapshots.js';

/**
 * Searches everything that the run has left, once per run, by whichever of our reporters comes last. Says what it
 * found on standard error, and has taken it away.
 */
export async function checkRun(): Promise<'clean' | 'leaked' | 'not run'> {
  const { finished } = currentRun;
  currentRun.finished = undefined;
  if (!finished || runSecrets.length === 0) return 'not run';
  try {
    return await checkFinishedRun(finished);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`auth-sessions: the leak check did not end, so the run counts as failed: ${why}\n`);
    return 'leaked';
  }
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
  const { findings, repaired } = await checkLeaks({
    roots,
    redactor: runRedactor,
    limits: { seconds: leaks.maxSeconds },
    onLeak: leaks.onLeak,
    quarantineFolder,
    repair: createRepair({
      ...finished,
      redactor: runRedactor,
      secrets: runSecrets,
      ofReporters,
      ofPlaywright: config.projects.map(({ outputDir }) => outputDir),
      ofProject: leaks.folders.map((one) => path.resolve(projectFolder, one)),
    }),
  });
  const text = formatFindings(
    { findings, repaired },
    { folder: projectFolder, quarantineFolder, onLeak: leaks.onLeak },
  );
  if (text !== '') process.stderr.write(`\n${text}`);
  return findings.some(failsRun) ? 'leaked' : 'clean';
}

/** Types of Playwright's reporters leave the folder out that a project can have for them. */
function snapshotFolders({ projects }: FullConfig): string[] {
  return projects.flatMap(({ testDir, ...others }) => {
    const { snapshotDir } = others as { snapshotDir?: unknown };
    return typeof snapshotDir === 'string' ? [testDir, snapshotDir] : [testDir];
  });
}
