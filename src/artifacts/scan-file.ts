import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { sourceOfFile } from './byte-source.js';
import { collectFindings } from './findings.js';
import type { Finding } from './leak.js';
import { createScanMeter, ScanStoppedError, type ScanOptions } from './scan-limits.js';
import { scanSource } from './scan-source.js';

/** What a file holds that it should not; `undefined` when it has vanished. */
export async function scanFile(file: string, options: ScanOptions): Promise<Finding[] | undefined> {
  const findings = collectFindings(file, options.redactor);
  try {
    const handle = await open(file, constants.O_RDONLY | noFollow);
    try {
      const { size } = await handle.stat();
      await scanSource(sourceOfFile(handle, size), {
        ...options,
        name: file,
        members: [],
        findings,
        meter: createScanMeter({ ...options, fileBytes: size }),
      });
    } finally {
      await handle.close();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ScanStoppedError) {
      findings.stopped(error.message);
      return findings.all();
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    if (code === 'ENOENT') return undefined;
    findings.unsearched([], `it cannot be read (${code})`);
  }
  return findings.all();
}

const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
