import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { sourceOfBuffer, sourceOfFile, type ByteSource } from './byte-source.js';
import { collectFindings } from './findings.js';
import type { Finding } from './leak.js';
import { createScanMeter, ScanStoppedError, type ScanOptions } from './scan-limits.js';
import { scanSource } from './scan-source.js';

/** Findings in a file; `undefined` if it has disappeared. */
export async function scanFile(file: string, options: ScanOptions): Promise<Finding[] | undefined> {
  return collect(file, options, async (scan) => {
    const handle = await open(file, constants.O_RDONLY | noFollow);
    try {
      const { size } = await handle.stat();
      await scan(sourceOfFile(handle, size));
    } finally {
      await handle.close();
    }
  });
}

/** Searches content that was read from a file and changed. */
export function scanContent(
  file: string,
  content: Buffer,
  options: ScanOptions,
): Promise<Finding[] | undefined> {
  return collect(file, options, (scan) => scan(sourceOfBuffer(content)));
}

async function collect(
  file: string,
  options: ScanOptions,
  work: (scan: (source: ByteSource) => Promise<void>) => Promise<void>,
): Promise<Finding[] | undefined> {
  const findings = collectFindings(file, options.redactor);
  const scan = (source: ByteSource) =>
    scanSource(source, {
      ...options,
      name: file,
      members: [],
      findings,
      meter: createScanMeter({ ...options, fileBytes: source.size }),
    });
  try {
    await work(scan);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ScanStoppedError) {
      findings.stopped(error.message);
      return findings.all();
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    if (code === 'ENOENT') return undefined;
    findings.stopped(`it cannot be read (${code})`);
  }
  return findings.all();
}

// Windows has no such flag.
const { O_NOFOLLOW: noFollow = 0 } = constants as Partial<typeof constants>;
