import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registerState } from '../../../src/flow/register-state.js';
import { createRedactor } from '../../../src/redaction/redactor.js';
import { redactorKnowing, traceText, writeArtifacts } from '../artifacts.js';
import { acquire } from '../ask.js';
import { startBroker } from '../bench-broker.js';
import { forkScript } from '../fork-script.js';
import type { Part, PartOptions, PartResult, Plot } from '../part.js';
import { residentMemoryMB } from '../process-tree.js';
import type { SearchFigures } from '../search-process.js';
import { createSimulatedProject } from '../simulated-project.js';
import { createSimulatedSite } from '../simulated-site.js';
import { median, spreadOf } from '../statistics.js';

/** How cost grows with the number of sessions, and with the size of their states. */
export const part: Part = { name: 'growth', title: 'Growth on one machine', usualRounds: 2, run };

/** One figure of each round, by what is measured. */
type Growth = Map<number, Record<string, number[]>>;

async function run(options: PartOptions): Promise<PartResult> {
  const bySessions = await growBySessions(options.quick ? [1, 10] : [1, 10, 100, 1000], options);
  const byBytes = await growByBytes(
    options.quick ? [10_000] : [10_000, 100_000, 1_000_000, 5_000_000],
    options,
  );
  return {
    method:
      '`Sessions` are declared, with local credentials; one of them is warm. `Redaction` is of 1 MB of a trace that holds no ' +
      'secret, with the cookie and the password of each session known; its preparation, once per process, is apart. `Leak ' +
      'check` is of 10 MB of artifacts. `States` have a token in every 4 KB of localStorage; a new broker reads one ' +
      'from the store, opens and checks it, and an asker gets it; a state known to a redactor makes its tokens known.',
    goals: [],
    tables: [
      tableOf('Declared sessions', 'sessions', bySessions),
      tableOf(
        'Size of a state',
        'KB',
        new Map([...byBytes].map(([bytes, figures]) => [bytes / 1000, figures])),
      ),
    ],
    plots: [
      plotOf({ name: 'growth-sessions', title: 'More declared sessions', label: 'sessions' }, bySessions),
      plotOf(
        { name: 'growth-states', title: 'Larger states', label: 'KB' },
        new Map([...byBytes].map(([bytes, figures]) => [bytes / 1000, figures])),
      ),
    ],
  };
}

async function growBySessions(
  counts: readonly number[],
  { rounds, quick, progress }: PartOptions,
): Promise<Growth> {
  const growth: Growth = new Map();
  const artifacts = mkdtempSync(path.join(tmpdir(), 'artifacts-'));
  writeArtifacts(artifacts, quick ? 1 : 10);
  const text = traceText(quick ? 10_000 : 1_000_000);
  const site = await createSimulatedSite();
  try {
    for (const count of counts) {
      const sessions = Array.from({ length: count }, (_, index) => ({ name: `session${index}`, waitMs: 0 }));
      const project = await createSimulatedProject({ siteUrl: site.url, sessions });
      await measureStart(project.folder, 'session0', { signsIn: true });
      for (let round = 1; round <= rounds; round += 1) {
        progress(`${count} of ${counts.at(-1)} sessions, round ${round} of ${rounds}`);
        note(growth, count, await measureStart(project.folder, 'session0'));
        const search = await forkScript<SearchFigures>('search-process.ts', {
          folder: artifacts,
          sessions: count,
        });
        note(growth, count, {
          'preparation of redaction, ms': search.preparedMs,
          'redaction of 1 MB, ms': timeOfRedaction(count, text),
          'leak check, ms': 1000 * search.wallS,
        });
      }
      await project.remove();
    }
  } finally {
    await site.close();
    rmSync(artifacts, { recursive: true });
  }
  return growth;
}

async function growByBytes(sizes: readonly number[], { rounds, progress }: PartOptions): Promise<Growth> {
  const growth: Growth = new Map();
  const site = await createSimulatedSite();
  const sessions = sizes.map((stateBytes) => ({ name: `bytes${stateBytes}`, stateBytes, waitMs: 0 }));
  const project = await createSimulatedProject({ siteUrl: site.url, sessions });
  try {
    for (const { name, stateBytes } of sessions) {
      await measureStart(project.folder, name, { signsIn: true });
      for (let round = 1; round <= rounds; round += 1) {
        progress(`states of ${stateBytes / 1000} KB, round ${round} of ${rounds}`);
        const { state, ...figures } = await measureRestoring(project.folder, name);
        note(growth, stateBytes, figures);
        const redactor = createRedactor();
        const startMs = performance.now();
        registerState(state, name, redactor);
        redactor.redact('the first search prepares the forms');
        note(growth, stateBytes, { 'its tokens made known, ms': performance.now() - startMs });
      }
    }
  } finally {
    await project.remove();
    await site.close();
  }
  return growth;
}

async function measureStart(suiteFolder: string, session: string, { signsIn = false } = {}) {
  const startMs = performance.now();
  const broker = await startBroker({ suiteFolder, simulatesBrowser: signsIn });
  try {
    await acquire(broker.handleFile, session);
    return {
      'start of a broker, ms': broker.readyMs,
      'its first session, ms': performance.now() - startMs - broker.readyMs,
      'its memory, MB': residentMemoryMB(broker.process.pid ?? 0),
    };
  } finally {
    await broker.stop();
  }
}

async function measureRestoring(suiteFolder: string, session: string) {
  const broker = await startBroker({ suiteFolder });
  try {
    const startMs = performance.now();
    const { state } = await acquire(broker.handleFile, session);
    const restoredMs = performance.now();
    await acquire(broker.handleFile, session);
    return {
      state,
      'from the store, ms': restoredMs - startMs,
      'again, ms': performance.now() - restoredMs,
      'memory of the broker, MB': residentMemoryMB(broker.process.pid ?? 0),
    };
  } finally {
    await broker.stop();
  }
}

function timeOfRedaction(sessions: number, text: string): number {
  const redactor = redactorKnowing(sessions);
  redactor.redact('the first search prepares the forms');
  const startMs = performance.now();
  redactor.redact(text);
  return performance.now() - startMs;
}

function note(growth: Growth, size: number, figures: Readonly<Record<string, number>>): void {
  const kept = growth.get(size) ?? {};
  for (const [name, value] of Object.entries(figures)) (kept[name] ??= []).push(value);
  growth.set(size, kept);
}

function tableOf(title: string, size: string, growth: Growth) {
  const names = namesIn(growth);
  return {
    title,
    columns: [size, ...names],
    rows: [...growth].map(([count, figures]) => [
      count,
      ...names.map((name) => spreadOf(figures[name] ?? [])),
    ]),
  };
}

function plotOf(
  { name, title, label }: { name: string; title: string; label: string },
  growth: Growth,
): Plot {
  return {
    name,
    title,
    x: { label, scale: 'log' },
    y: { label: 'milliseconds', scale: 'log' },
    series: namesIn(growth)
      .filter((figure) => figure.endsWith(', ms'))
      .map((figure) => ({
        name: figure.replace(', ms', ''),
        points: [...growth].map(([size, figures]) => [size, median(figures[figure] ?? [])] as const),
      })),
  };
}

function namesIn(growth: Growth): string[] {
  return Object.keys([...growth.values()][0] ?? {});
}
