import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Hit, Redactor } from '../redaction/redactor.js';
import { sourceOfFile } from './byte-source.js';
import type { Finding, Leak } from './leak.js';
import { createScanMeter, ScanStoppedError, type ScanLimits, type ScanTime } from './scan-limits.js';
import { scanSource } from './scan-source.js';

export interface ScanOptions {
  readonly redactor: Redactor;
  readonly signal?: AbortSignal | undefined;
  /** After each stretch: how many bytes more were searched, opened archives included. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly limits: ScanLimits;
  readonly time: ScanTime;
}

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

/** Collects what is found in one file: equal finds are counted. */
export interface FindingsOfFile {
  leaks(members: readonly string[], hits: readonly Hit[], where?: string): void;
  unsearched(members: readonly string[], reason: string): void;
  /** A limit ended the search of the file. */
  stopped(reason: string): void;
  all(): Finding[];
}

export function collectFindings(path: string, redactor: Redactor): FindingsOfFile {
  const file = redactor.redact(path);
  const clean = (members: readonly string[]) => members.map((member) => redactor.redact(member));
  const findings = new Map<string, Finding>();
  return {
    leaks(members, hits, where = '') {
      for (const { label, encoding } of hits) {
        const leak: Leak = {
          kind: 'leak',
          label,
          file,
          members: clean(members),
          encoding: `${encoding}${where}`,
          count: 1,
        };
        const key = JSON.stringify([label, leak.encoding, members]);
        const before = findings.get(key);
        findings.set(key, before?.kind === 'leak' ? { ...before, count: before.count + 1 } : leak);
      }
    },
    unsearched(members, reason) {
      findings.set(JSON.stringify([members, reason]), {
        kind: 'unsearched',
        file,
        members: clean(members),
        reason,
      });
    },
    stopped(reason) {
      findings.set('stopped', { kind: 'unsearched', file, members: [], reason, stopped: true });
    },
    all: () => [...findings.values()],
  };
}

const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
