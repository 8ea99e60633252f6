import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { redactorKnowing } from './artifacts.js';
import { peakMemoryMB } from './process-tree.js';

/** What a leak check cost, in its own process. */
export interface SearchFigures {
  readonly preparedMs: number;
  readonly searchedMB: number;
  readonly wallS: number;
  readonly cpuS: number;
  readonly peakMB: number;
  readonly found: number;
}

const { folder, sessions } = JSON.parse(process.argv[2] ?? '{}') as { folder: string; sessions: number };
const redactor = redactorKnowing(sessions);
const startedMs = performance.now();
redactor.redact('the first search prepares the forms');
const preparedMs = performance.now() - startedMs;

let searchedBytes = 0;
let found = 0;
const searchStartedMs = performance.now();
const cpuBefore = process.cpuUsage();
const findings = findLeaks({
  roots: [folder],
  redactor,
  onProgress: ({ bytes }) => (searchedBytes = bytes),
});
for await (const { kind } of findings) if (kind === 'leak') found += 1;
const { user, system } = process.cpuUsage(cpuBefore);
process.send?.({
  preparedMs,
  searchedMB: searchedBytes / 1e6,
  wallS: (performance.now() - searchStartedMs) / 1000,
  cpuS: (user + system) / 1e6,
  peakMB: peakMemoryMB(process.pid),
  found,
} satisfies SearchFigures);
process.disconnect();
