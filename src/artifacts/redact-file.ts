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

/**
 * Takes known secrets out of a file, whatever it is, before anybody else reads it; synchronously, as reporters and
 * process hooks need it. The file is replaced at once and keeps its mode. Whether there was anything to replace.
 * What cannot be opened (encrypted, damaged, larger than 1 GB) stays: the leak check tells of it.
 */
export function redactFile(file: string, redactor: Redactor): boolean {
  const path = lstatSync(file).isSymbolicLink() ? realpathSync(file) : file;
  const { size, mode } = statSync(path);
  if (size > largestFileBytes) return false;
  const content = readFileSync(path);
  const redacted = redactContent(content, { name: basename(path), redactor });
  if (redacted === content) return false;
  replaceFile(path, redacted, mode & 0o777);
  return true;
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
