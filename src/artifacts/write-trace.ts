import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Redactor } from '../redaction/redactor.js';
import { redactBuffer } from './redact-file.js';

export interface WriteTraceOptions {
  readonly file: string;
  readonly redactor: Redactor;
  /** Whether an existing file is replaced. [false] */
  readonly replaces?: boolean;
}

/**
 * Writes a redacted trace to a file for this user only (0600). `save` writes Playwright's own trace, which has values,
 * into the temporary folder: the private one of the broker or the command. Rejects, and writes nothing, if the trace
 * cannot be redacted.
 */
export async function writeTrace(
  save: (file: string) => Promise<void>,
  { file, redactor, replaces = false }: WriteTraceOptions,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sign-in-trace-'));
  try {
    const raw = path.join(folder, 'trace.zip');
    await save(raw);
    const clean = redactBuffer(await readFile(raw), { name: 'trace.zip', redactor });
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, clean, { mode: 0o600, flag: replaces ? 'w' : 'wx' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
