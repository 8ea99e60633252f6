import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Redactor } from '../redaction/redactor.js';
import { redactContent } from './redact-content.js';
import {
  createScanMeter,
  createScanTime,
  defaultLimits,
  ScanStoppedError,
  type ScanLimits,
  type ScanMeter,
} from './scan-limits.js';
import type { ByteRange } from './shipped-files.js';
import { UnreadableArchiveError } from './zip-directory.js';

export interface RedactFileOptions {
  /** Stretches that stay unchanged, in order. */
  readonly keep?: readonly ByteRange[];
  readonly limits?: Partial<ScanLimits>;
  /** [a monotonic clock] */
  readonly nowMs?: () => number;
}

/**
 * Redacts a file of any kind before anyone else reads it; synchronously, for reporters and process hooks. Replaces the
 * file atomically and keeps its mode. Returns whether it changed. An archive that cannot be opened (encrypted, damaged)
 * stays unchanged: the leak check reports it.
 *
 * Throws a `ScanStoppedError` at a limit, and an `UnreadableArchiveError` if an archive that cannot be opened shows a
 * known value: the file is then not clean.
 */
export function redactFile(file: string, redactor: Redactor, options: RedactFileOptions = {}): boolean {
  const path = lstatSync(file).isSymbolicLink() ? realpathSync(file) : file;
  const { size, mode } = statSync(path);
  if (size > largestFileBytes) throw new ScanStoppedError('it is larger than the limit of 1 GB');
  const content = readFileSync(path);
  const { redacted, left } = redactAround(content, { ...options, name: basename(path), redactor });
  if (redacted !== content) replaceFile(path, redacted, mode & 0o777);
  if (left > 0) throw notClean();
  return redacted !== content;
}

export interface RedactBufferOptions extends RedactFileOptions {
  /** A file name; its extension counts. */
  readonly name: string;
  readonly redactor: Redactor;
}

/** Redacts content in memory. Returns the same buffer if there is nothing to replace. Throws as `redactFile` does. */
export function redactBuffer(content: Buffer, options: RedactBufferOptions): Buffer {
  const { redacted, left } = redactWithin(content, options);
  if (left > 0) throw notClean();
  return redacted;
}

/** Redacts each stretch between the kept ones separately. */
function redactAround(content: Buffer, options: RedactBufferOptions): { redacted: Buffer; left: number } {
  const { keep = [] } = options;
  if (keep.length === 0) return redactWithin(content, options);
  const parts: Buffer[] = [];
  let [at, left] = [0, 0];
  let isSame = true;
  for (const { start, end } of [...keep, { start: content.length, end: content.length }]) {
    const stretch = content.subarray(at, start);
    const done = redactWithin(stretch, options);
    isSame &&= done.redacted === stretch;
    left += done.left;
    parts.push(done.redacted, content.subarray(start, end));
    at = end;
  }
  return { redacted: isSame ? content : Buffer.concat(parts), left };
}

function redactWithin(content: Buffer, options: RedactBufferOptions): { redacted: Buffer; left: number } {
  const { name, redactor } = options;
  const meter = createRedactionMeter(content.length, options);
  let left = 0;
  const redacted = redactContent(content, { name, redactor, meter, onLeft: () => (left += 1) });
  return { redacted, left };
}

function notClean(): UnreadableArchiveError {
  return new UnreadableArchiveError('it contains an archive that cannot be opened and that shows a secret');
}

/** Why `redactFile` could not clean a file; `undefined` for any other error. */
export function whyNotClean(error: unknown): string | undefined {
  const isKnown = error instanceof ScanStoppedError || error instanceof UnreadableArchiveError;
  return isKnown ? error.message : undefined;
}

/** The whole file is in memory, and a test waits for it. */
function createRedactionMeter(fileBytes: number, options: RedactFileOptions): ScanMeter {
  const limits = { ...defaultLimits, expandedBytes: 512 * 1024 ** 2, seconds: 30, ...options.limits };
  const time = createScanTime(limits.seconds, options.nowMs ?? (() => performance.now()));
  return createScanMeter({ limits, time, fileBytes });
}

function replaceFile(path: string, content: Buffer, mode: number): void {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    try {
      for (let at = 0; at < content.length;) at += writeSync(descriptor, content, at);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

const largestFileBytes = 1024 * 1024 * 1024;
