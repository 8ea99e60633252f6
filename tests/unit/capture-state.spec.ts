import { expect, test, type BrowserContext } from '@playwright/test';
import { captureState } from '../../src/broker/capture-state.js';

const origin = 'https://app.example';
const playwright = { cookies: [], origins: [] };

test('has one entry for an origin, where the later tab counts', async () => {
  const context = contextOf(
    tab({ a: '1', b: '1' }),
    tab({ a: '9' }, 'https://other.example'),
    tab({ b: '2', c: '2' }),
  );
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

test('passes over a tab without items, one that throws and one that never answers', async () => {
  const context = contextOf(
    tab({}),
    () => Promise.reject(new Error('closed')),
    () => new Promise(() => undefined),
    tab({ a: '1' }),
  );
  const { sessionStorage } = await captureState(context, { patienceMs: 20 });
  expect(sessionStorage).toEqual([{ origin, items: [{ name: 'a', value: '1' }] }]);
});

function tab(items: Readonly<Record<string, string>>, of = origin): () => Promise<unknown> {
  const list = Object.entries(items).map(([name, value]) => ({ name, value }));
  return () => Promise.resolve({ origin: of, items: list });
}

function contextOf(...tabs: (() => Promise<unknown>)[]): BrowserContext {
  const pages = tabs.map((evaluate) => ({ evaluate }));
  return {
    pages: () => pages,
    storageState: () => Promise.resolve(playwright),
  } as unknown as BrowserContext;
}
