import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import type { RunSummary } from '../../src/core/session-event.js';
import { outputFolders } from '../output-folders.js';
import { formatShardPart, parseAccess, parseShardPart, type ShardPart } from './shard-part.js';

export interface WrittenRun {
  readonly config: Pick<FullConfig, 'reporter' | 'shard'>;
  /** Folder of the config. */
  readonly suiteFolder: string;
  readonly startedAtMs: number;
  readonly summary: RunSummary | undefined;
  /** `vault-access.jsonl` */
  readonly accessFile: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Writes a run's part next to each blob report that the run wrote, such as `report-2.auth-sessions.json` for
 * `report-2.zip`. It is written before the leak check, which searches it, and again with the verdict. Returns the files.
 */
export function writeShardParts(run: WrittenRun, leakCheck: ShardPart['leakCheck']): readonly string[] {
  const { config, summary, accessFile } = run;
  if (!summary) return [];
  const accesses = linesOf(accessFile).flatMap((line) => parseAccess(line) ?? []);
  return blobsOf(run).map((blob) => {
    const file = partFileOf(blob);
    const part = { blobDigest: digestOf(blob), leakCheck, shard: config.shard, summary, accesses };
    writeFileSync(file, formatShardPart(part));
    return file;
  });
}

/** Removes the part of a blob report that is gone, for example into quarantine. */
export function removeOrphans(parts: readonly string[]): void {
  for (const part of parts) if (!isFile(blobOf(part))) rmSync(part, { force: true });
}

/** The part of a blob report; `undefined` if it has none; or why it cannot be used. */
export function readShardPart(blob: string): ShardPart | string | undefined {
  const file = partFileOf(blob);
  try {
    if (!isFile(file)) return undefined;
    if (statSync(file).size > maxPartBytes) return 'it is too large';
    const part = parseShardPart(readFileSync(file, 'utf8'));
    if (typeof part === 'string') return part;
    return part.blobDigest === digestOf(blob) ? part : 'it belongs to another blob report';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function partFileOf(blob: string): string {
  return `${blob.replace(/\.zip$/, '')}${partEnd}`;
}

function blobOf(partFile: string): string {
  return `${partFile.slice(0, -partEnd.length)}.zip`;
}

/** Blob reports that were written since the run began. */
function blobsOf({ config, suiteFolder, startedAtMs, env }: WrittenRun): string[] {
  const reporter = config.reporter.filter(([name]) => name === 'blob');
  if (reporter.length === 0) return [];
  const variables = Object.fromEntries(
    Object.entries(env).filter(([name]) => name.startsWith('PLAYWRIGHT_BLOB_')),
  );
  const { ofReporters } = outputFolders({
    config: { projects: [], reporter },
    folder: suiteFolder,
    env: variables,
    also: [],
  });
  return [...new Set(ofReporters.flatMap((place) => [place, ...childrenOf(place)]))].filter(
    (file) => file.endsWith('.zip') && isFile(file) && statSync(file).mtimeMs >= startedAtMs - clockGrainMs,
  );
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // no request was sent
  }
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

const partEnd = '.auth-sessions.json';
const maxPartBytes = 256 * 1024 * 1024;
/** Some file systems keep whole or even seconds. */
const clockGrainMs = 2000;
