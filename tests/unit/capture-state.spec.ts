import { expect, test, type BrowserContext } from '@playwright/test';
import { captureState } from '../../src/browser/capture-state.js';

const origin = 'https://app.example';
const playwright = { cookies: [], origins: [] };

test('has one entry for an origin, where the later tab counts', async () => {
  const context = contextOf([
    tab({ a: '1', b: '1' }),
    tab({ a: '9' }, 'https://other.example'),
    tab({ b: '2', c: '2' }),
  ]);
  expect(await captureState(context)).toEqual({
    playwright,
    sessionStorage: [
      {
        origin,
        items: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
          { name: 'c', value: '2' },
        ],
      },
      { origin: 'https://other.example', items: [{ name: 'a', value: '9' }] },
    ],
  });
});

test('passes over a tab without items, one that throws and one that never answers, which is closed', async () => {
  const closed: number[] = [];
  const tabs = [
    tab({}),
    () => Promise.reject(new Error('closed')),
    () => new Promise(() => undefined),
    tab({ a: '1' }),
  ];
  const { sessionStorage } = await captureState(contextOf(tabs, closed), { patienceMs: 20 });
  expect(sessionStorage).toEqual([{ origin, items: [{ name: 'a', value: '1' }] }]);
  expect(closed).toEqual([2]);
});

test('waits neither for an answer nor for an end of a tab that gives none', async () => {
  const silent = () => new Promise(() => undefined);
  const frame = { evaluate: silent };
  const page = { mainFrame: () => frame, frames: () => [frame], close: silent };
  const context = { pages: () => [page], storageState: () => Promise.resolve(playwright) };
  expect(await captureState(context as unknown as BrowserContext, { patienceMs: 20 })).toEqual({
    playwright,
    sessionStorage: [],
  });
});

function tab(items: Readonly<Record<string, string>>, of = origin): () => Promise<unknown> {
  const list = Object.entries(items).map(([name, value]) => ({ name, value }));
  return () => Promise.resolve({ origin: of, items: list });
}

/** `closed` gets the number of each tab that is closed. */
function contextOf(tabs: readonly (() => Promise<unknown>)[], closed: number[] = []): BrowserContext {
  const frames = tabs.map((evaluate) => ({ evaluate }));
  const pages = frames.map((frame, number) => ({
    mainFrame: () => frame,
    frames: () => [frame],
    close: () => Promise.resolve(void closed.push(number)),
  }));
  return {
    pages: () => pages,
    storageState: () => Promise.resolve(playwright),
  } as unknown as BrowserContext;
}
