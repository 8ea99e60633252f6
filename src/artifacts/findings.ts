import type { Hit } from '../redaction/hit.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Finding, Leak } from './leak.js';

/** Collects the findings of one file, and counts equal ones. */
export interface FindingsOfFile {
  leaks(members: readonly string[], hits: readonly Hit[], where?: string): void;
  unsearched(members: readonly string[], reason: string): void;
  /** A limit or an error ended the search of the file, or of these members. */
  stopped(reason: string, members?: readonly string[]): void;
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
    stopped(reason, members = []) {
      const stop = { kind: 'unsearched', file, members: clean(members), reason, stopped: true } as const;
      findings.set(JSON.stringify(['stopped', members]), stop);
    },
    all: () => [...findings.values()],
  };
}
