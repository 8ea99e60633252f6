import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { closedNetworkArguments, findBrowser } from '../../../src/browser/find-browser.js';
import { planRestore } from '../../../src/browser/plan-restore.js';
import { restoreStorage } from '../../../src/browser/restore-storage.js';
import type { StorageState } from '../../../src/core/storage-state.js';
import { formatFigure } from '../format-results.js';
import type { Goal, Part, PartOptions, PartResult } from '../part.js';
import { median, ratiosOf, spreadOf } from '../statistics.js';

/** What restoring a session in a browser context costs. */
export const part: Part = { name: 'restoring', title: 'Restoring', usualRounds: 9, run };

type Way = 'no state' | "Playwright's" | 'ours';
const ways: readonly Way[] = ['no state', "Playwright's", 'ours'];
const originCounts = [0, 1, 5, 20];

interface Figures {
  readonly contextMs: number[];
  readonly pageMs: number[];
}

async function run({ rounds, quick, progress }: PartOptions): Promise<PartResult> {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<p>page</p>'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const executablePath = findBrowser()?.executablePath;
  const args = [...closedNetworkArguments];
  const browser = await chromium.launch({ args, ...(executablePath && { executablePath }) });
  const figures = new Map<string, Figures>();
  try {
    for (let round = 0; round <= rounds; round += 1) {
      if (round % 3 === 0) progress(`round ${round} of ${rounds}`);
      for (const origins of quick ? originCounts.slice(0, 2) : originCounts)
        for (const way of ways) {
          const { contextMs, pageMs } = await restore(browser, { way, state: stateOf(origins, port), port });
          if (round === 0) continue; // fills caches
          const key = `${origins} ${way}`;
          const kept = figures.get(key) ?? { contextMs: [], pageMs: [] };
          kept.contextMs.push(contextMs);
          kept.pageMs.push(contextMs + pageMs);
          figures.set(key, kept);
        }
    }
  } finally {
    await browser.close();
    server.close();
  }
  return resultOf(figures);
}

async function restore(
  browser: Browser,
  { way, state, port }: { readonly way: Way; readonly state: StorageState; readonly port: number },
): Promise<{ contextMs: number; pageMs: number }> {
  const startMs = performance.now();
  const context = await createContext(browser, way, state);
  const readyMs = performance.now();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const endMs = performance.now();
  await context.close();
  return { contextMs: readyMs - startMs, pageMs: endMs - readyMs };
}

async function createContext(browser: Browser, way: Way, state: StorageState): Promise<BrowserContext> {
  if (way === 'no state') return browser.newContext();
  if (way === "Playwright's") return browser.newContext({ storageState: state.playwright });
  const plan = planRestore(state, { restore: 'lazy', browserName: 'chromium' });
  const context = await browser.newContext({ storageState: plan.playwright });
  await restoreStorage(context, plan.storage);
  return context;
}

/** A cookie; and for each origin ten items of localStorage, and ten of sessionStorage, which only ours restores. */
function stateOf(origins: number, port: number): StorageState {
  const items = Array.from({ length: 10 }, (_, index) => ({ name: `item-${index}`, value: 'x'.repeat(200) }));
  const urls = Array.from({ length: origins }, (_, index) =>
    index === 0 ? `http://127.0.0.1:${port}` : `http://origin-${index}.localhost:${port}`,
  );
  const cookie = { name: 'session', value: 'x'.repeat(40), domain: '127.0.0.1', path: '/', expires: -1 };
  return {
    playwright: {
      cookies: [{ ...cookie, httpOnly: true, secure: false, sameSite: 'Lax' }],
      origins: urls.map((origin) => ({ origin, localStorage: items })),
    },
    sessionStorage: urls.map((origin) => ({ origin, items })),
  };
}

function resultOf(figures: ReadonlyMap<string, Figures>): PartResult {
  const measured = originCounts.filter((origins) => figures.has(`${origins} ours`));
  const of = (origins: number, way: Way, what: keyof Figures) =>
    figures.get(`${origins} ${way}`)?.[what] ?? [];
  const ratioOf = (origins: number, way: Way) =>
    median(ratiosOf(of(origins, way, 'pageMs'), of(origins, "Playwright's", 'pageMs')));
  return {
    method:
      "A context with a session, and its first page, in a running Chromium. `Playwright's` restores a cookie and localStorage " +
      'through its own storageState; `ours` restores sessionStorage for as many origins, too, and both when an origin is first ' +
      'visited. The ways take turns.',
    goals: measured.flatMap((origins) => goalOf(origins, ratioOf(origins, 'ours'))),
    tables: [
      {
        columns: [
          'origins',
          'way',
          'context, ms',
          'to the first page, ms',
          "to the first page / Playwright's",
        ],
        rows: measured.flatMap((origins) =>
          ways.map((way) => [
            origins,
            way,
            spreadOf(of(origins, way, 'contextMs')),
            spreadOf(of(origins, way, 'pageMs')),
            ratioOf(origins, way),
          ]),
        ),
      },
    ],
    plots: [
      {
        name: 'restoring',
        title: 'From nothing to the first page of a signed-in context',
        x: { label: 'storage origins', scale: 'linear' },
        y: { label: 'milliseconds', scale: 'linear' },
        series: ways.map((name) => ({
          name,
          points: measured.map((origins) => [origins, median(of(origins, name, 'pageMs'))] as const),
        })),
      },
    ],
  };
}

function goalOf(origins: number, ratio: number): Goal[] {
  const most = goals[origins];
  if (most === undefined) return [];
  return [
    {
      goal: `with ${origins} ${origins === 1 ? 'origin' : 'origins'}, at most ${most} of Playwright's time to the first page`,
      measured: formatFigure(ratio),
      reached: ratio <= most,
    },
  ];
}

const goals: Readonly<Record<number, number>> = { 1: 0.6, 5: 0.3, 20: 0.1 };
