import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { redactFile } from '../src/artifacts/redact-file.js';
import type { KnownSecret } from '../src/broker/secret-ledger.js';
import { createRedactor, type Redactor } from '../src/core/redactor.js';
import { SecretValue } from '../src/core/secret-value.js';

export interface RedactLateOptions {
  readonly roots: readonly string[];
  readonly secrets: readonly KnownSecret[];
  readonly startedAtMs: number;
}

/**
 * Redacts what became known only after a file of this run was written: a user name on a page, say, of somebody whose
 * session was asked for later. Whatever was known before is not looked for here: the source redacts it, and the leak
 * check tells when it has not. A code cannot be written before it is known.
 */
export async function redactLate({ roots, secrets, startedAtMs }: RedactLateOptions): Promise<void> {
  const values = secrets.filter(({ kind }) => kind === 'value');
  const redactors = new Map<number, Redactor>();
  for (const file of await listFiles(roots)) {
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
    if (mtimeMs < startedAtMs) continue; // of an earlier run
    // A blob report is written at the end, with what was said at the beginning.
    const writtenAtMs = blobReport.test(file) ? startedAtMs : mtimeMs;
    const late = values.filter(({ sinceMs }) => sinceMs > writtenAtMs + clockToleranceMs);
    if (late.length === 0) continue;
    const redactor = redactors.get(late.length) ?? redactorOf(late);
    redactors.set(late.length, redactor);
    redactFile(file, redactor);
  }
}

/** File systems tell the time in ticks, and so may be behind. */
const clockToleranceMs = 20;
const blobReport = /[\\/]report[^\\/]*\.zip$/;

/** As secrets become known in an order, how many are late tells which. */
function redactorOf(secrets: readonly KnownSecret[]): Redactor {
  const redactor = createRedactor();
  for (const { value, label, kind } of secrets) redactor.add(new SecretValue(value, label, { kind }));
  return redactor;
}

async function listFiles(roots: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    roots.map(async (root) => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries.filter((entry) => entry.isFile());
      return files.length === 0 && (await isFile(root))
        ? [root]
        : files.map((entry) => path.join(entry.parentPath, entry.name));
    }),
  );
  return lists.flat();
}

async function isFile(root: string): Promise<boolean> {
  return stat(root).then(
    (found) => found.isFile(),
    () => false,
  );
}
