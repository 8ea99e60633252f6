import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConsultationsSite } from '../../support/consultations/index.js';
import type { NestedProject } from '../../support/nested-run.js';
import { createSignedInProject, quickAccounts } from '../../support/signed-in-project.js';
import { megabyte, writeArtifacts } from '../artifacts.js';
import { forkScript } from '../fork-script.js';
import type { Part, PartOptions, PartResult } from '../part.js';
import { childrenCpuMs } from '../process-tree.js';
import type { SearchFigures } from '../search-process.js';
import { ratiosOf, spreadOf } from '../statistics.js';

/** What redaction and the leak check cost. */
export const part: Part = { name: 'redaction', title: 'Redaction and leak check', usualRounds: 3, run };

const knownSessions = 150;

async function run(options: PartOptions): Promise<PartResult> {
  const tests = options.quick ? 1 : 12;
  const { bare, whole } = await measureSuite(tests, options);
  const searches = await measureSearch(options);
  const figure = (of: (one: SearchFigures) => number) => spreadOf(searches.map(of));
  const share = (of: keyof Cost) =>
    ratiosOf(
      bare.map((one) => one[of]),
      whole.map((one) => one[of]),
    ).map((ratio) => 100 * (1 - ratio));
  const row = (name: string, of: keyof Cost) => [
    name,
    ...[bare, whole].map((costs) => spreadOf(costs.map((one) => one[of] / 1000))),
    spreadOf(share(of)),
  ];
  return {
    method:
      `A traced suite of ${tests} short tests in one worker, signed in from the store: with redaction and the leak check, and ` +
      'without both. The two take turns, and the share is that of each turn. Then the leak check alone, in its own process, ' +
      `over artifacts as runs leave them, with ${2 * knownSessions} secrets known and one planted.`,
    goals: [],
    tables: [
      {
        columns: ['suite', 'without', 'with', 'share, %'],
        rows: [row('wall, s', 'wallMs'), row('processor, s', 'cpuMs')],
      },
      {
        columns: ['leak check', 'median (lowest–highest)'],
        rows: [
          ['searched, archives opened, MB', figure(({ searchedMB }) => searchedMB)],
          ['wall, s', figure(({ wallS }) => wallS)],
          ['processor, s', figure(({ cpuS }) => cpuS)],
          ['MB per second', figure(({ searchedMB, wallS }) => searchedMB / wallS)],
          ['peak memory, MB', figure(({ peakMB }) => peakMB)],
        ],
      },
    ],
    plots: [],
  };
}

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function measureSuite(tests: number, { rounds, progress }: PartOptions) {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'look.spec.ts': suiteOf(tests) },
    use: "trace: 'on',",
  });
  const costs: Record<'bare' | 'whole', Cost[]> = { bare: [], whole: [] };
  try {
    const config = await project.read('playwright.config.ts');
    await project.write({ 'playwright.config.ts': withoutRedaction(config) });
    await measureRun(project, { tests, isBare: false }); // signs in, and fills caches
    const pairs = rounds;
    for (let pair = 1; pair <= pairs; pair += 1)
      for (const way of ['bare', 'whole'] as const) {
        costs[way].push(await measureRun(project, { tests, isBare: way === 'bare' }));
        progress(
          `pair ${pair} of ${pairs}, ${way}: ${((costs[way].at(-1)?.wallMs ?? 0) / 1000).toFixed(1)} s`,
        );
      }
  } finally {
    await project.remove();
    await site.close();
  }
  return costs;
}

async function measureRun(
  project: NestedProject,
  { tests, isBare }: { readonly tests: number; readonly isBare: boolean },
): Promise<Cost> {
  const startMs = performance.now();
  const beforeMs = childrenCpuMs();
  const run = await project.run(['--reporter=list'], { env: { BARE: isBare ? '1' : undefined } });
  if (!run.output.includes(`${tests} passed`)) throw new Error(run.output);
  return { wallMs: performance.now() - startMs, cpuMs: childrenCpuMs() - beforeMs };
}

async function measureSearch({ rounds, quick, progress }: PartOptions): Promise<SearchFigures[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'artifacts-'));
  try {
    const bytes = writeArtifacts(folder, quick ? 2 : 100);
    const figures: SearchFigures[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`leak check of ${(bytes / megabyte).toFixed(0)} MB, ${round} of ${rounds}`);
      const search = await forkScript<SearchFigures>('search-process.ts', {
        folder,
        sessions: knownSessions,
      });
      if (search.found !== 1)
        throw new Error(`The leak check found ${search.found} secrets, and one is there.`);
      figures.push(search);
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function suiteOf(tests: number): string {
  return `import { expect, test } from '@auth';
    test.use({ authSession: 'admin' });
    for (let number = 1; number <= ${tests}; number += 1)
      test(\`looks around \${number}\`, async ({ page }) => {
        for (let round = 0; round < 5; round += 1) {
          await page.goto('/');
          await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
          await page.reload();
          await page.request.get('/api/me');
        }
      });`;
}

/** With BARE set, undoes what withAuthSessions intercepts, so that nothing is redacted and nothing is searched. */
function withoutRedaction(config: string): string {
  return `
    import { chromium } from '@playwright/test';
    const connection = Object.getPrototypeOf(chromium._connection);
    const { send } = process;
    const { sendMessageToServer } = connection;
    ${config.replace('export default', 'const config =')}
    if (process.env.BARE) {
      process.send = send;
      connection.sendMessageToServer = sendMessageToServer;
      config.reporter = config.reporter.slice(1);
      delete process.env.PW_TEST_REPORTER;
    }
    export default config;`;
}
