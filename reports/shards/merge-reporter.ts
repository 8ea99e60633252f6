import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatSummary } from '../../src/core/format-run.js';
import { accessLogs } from '../../src/core/report-files.js';
import type { RunSummary } from '../../src/core/session-event.js';
import { removeSummary, writeSummary } from '../../src/run/write-summary.js';
import { formatSessionsPage } from '../sessions-page/page.js';
import type { MergedReport } from './merge-mode.js';
import { mergeSummaries } from './merge-summaries.js';
import { readShards, type MergedBlob, type ReadShards } from './read-shards.js';

/**
 * In `playwright merge-reports -c`: writes one auth-sessions.json, auth-sessions.html and vault-access.jsonl over all
 * shards, and prints their table. Fails the merge if a shard's part is damaged, or if its leak check did not pass.
 */
export class MergeReporter {
  readonly #blobs: MergedBlob[] = [];
  readonly #folder: string;
  readonly #accessFile: string;

  /** @param folder where the reports are written */
  constructor(folder: string) {
    this.#folder = folder;
    this.#accessFile = path.join(folder, accessLogs.ofRun);
  }

  version(): 'v2' {
    return 'v2';
  }

  printsToStdio(): boolean {
    return false;
  }

  onReportConfigure({ reportPath, config }: MergedReport): void {
    this.#blobs.push({ file: reportPath, shard: config.shard ?? null });
  }

  /** @throws Error for the merge's exit code, which depends on nothing else */
  async onEnd(): Promise<void> {
    const shards = readShards(this.#blobs);
    const merged = mergeShards(shards);
    await removeSummary(this.#folder);
    await rm(this.#accessFile, { force: true });
    if (merged) await this.#write(merged, shards);
    for (const { label, missing } of shards.missing) tell(`shard ${label} is missing: ${missing}.`);
    for (const trouble of shards.troubles) tell(`the merge fails: ${trouble}.`);
    if (shards.troubles.length > 0) throw new Error(`auth-sessions: ${shards.troubles.join('; ')}.`);
  }

  async #write(merged: RunSummary, { parts }: ReadShards): Promise<void> {
    await writeSummary(this.#folder, merged, formatSessionsPage);
    const accesses = parts
      .flatMap(({ label, part }) => part.accesses.map((access) => ({ ...access, shard: label })))
      .toSorted((one, other) => (one.when < other.when ? -1 : 1));
    const lines = accesses.map((access) => `${JSON.stringify(access)}\n`).join('');
    await writeFile(this.#accessFile, lines);
    // Which reporters write to standard output is not known here: the config has those of its file.
    process.stderr.write(`\n${formatSummary(merged)}`);
  }
}

function mergeShards({ parts, missing }: ReadShards): RunSummary | undefined {
  const [first, ...others] = parts.map(({ label, part }) => ({ label, summary: part.summary }));
  return first && mergeSummaries([first, ...others], missing);
}

function tell(line: string): void {
  process.stderr.write(`auth-sessions: ${line}\n`);
}
