import { expect, test } from '@playwright/test';
import { createGuardedTools } from '../../src/cli/mcp/guarded-tools.js';
import { openPlaywrightTools } from '../../src/cli/mcp/playwright-tools.js';
import { toolDecisions } from '../../src/cli/mcp/tool-decisions.js';
import { createRedactor } from '../../src/redaction/redactor.js';

/** Everything that Playwright can be asked to offer besides what it offers by itself. */
const capabilities = [
  ...['config', 'core', 'core-install', 'devtools', 'network', 'pdf'],
  ...['storage', 'testing', 'tracing', 'vision'],
];

const noBrowser = () => Promise.reject(new Error('no browser is needed'));

test('each tool of the installed Playwright is decided', async () => {
  const playwright = await openPlaywrightTools(noBrowser, { capabilities });
  const names = (await playwright.list()).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => !Object.hasOwn(toolDecisions, name))).toEqual([]);
  expect(Object.keys(toolDecisions).filter((name) => !names.includes(name))).toEqual([]);
  await playwright.close();
});

test('Playwright knows each argument that we let a tool take', async () => {
  const playwright = await openPlaywrightTools(noBrowser);
  const tools = new Map((await playwright.list()).map((tool) => [tool.name, tool]));
  for (const [name, decision] of Object.entries(toolDecisions)) {
    if (!decision.offered) continue;
    const known = Object.keys(tools.get(name)?.inputSchema.properties ?? {});
    expect(known, name).toEqual(expect.arrayContaining(Object.keys(decision.takes)));
  }
  await playwright.close();
});

test('a tool that is not on our list is neither listed nor called', async () => {
  const calls: string[] = [];
  const tool = (name: string) => ({ name, inputSchema: { type: 'object', properties: {} } });
  const guarded = createGuardedTools({
    session: 'admin',
    baseURL: undefined,
    browser: { context: noBrowser, current: undefined, looksDead: false, renew: noBrowser, close: noBrowser },
    playwright: {
      list: () => Promise.resolve([tool('browser_navigate_back'), tool('browser_brand_new')]),
      call: (name) => Promise.resolve({ content: [{ type: 'text', text: String(calls.push(name)) }] }),
      close: noBrowser,
    },
    own: new Map(),
    redactor: createRedactor(),
    wire: { settled: () => Promise.resolve() },
  });
  expect((await guarded.list()).map(({ name }) => name)).toEqual(['browser_navigate_back']);
  for (const name of ['browser_brand_new', 'constructor', 'toString', '__proto__'])
    expect(await guarded.call(name, {})).toMatchObject({ isError: true });
  expect(calls).toEqual([]);
});

test('calls that come at once are made one after the other, and one that fails holds up none', async () => {
  const steps: string[] = [];
  const guarded = createGuardedTools({
    session: 'admin',
    baseURL: undefined,
    browser: { context: noBrowser, current: undefined, looksDead: false, renew: noBrowser, close: noBrowser },
    playwright: {
      list: () => Promise.resolve([]),
      async call(name) {
        steps.push(`${name} begins`);
        // Long enough for another call to come between.
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        if (name === 'browser_snapshot') throw new Error('no page');
        steps.push(`${name} ends`);
        return { content: [] };
      },
      close: noBrowser,
    },
    own: new Map(),
    redactor: createRedactor(),
    wire: { settled: () => Promise.resolve() },
  });
  const names = ['browser_navigate_back', 'browser_snapshot', 'browser_press_key'];
  await Promise.all(
    names.map((name) => guarded.call(name, name === 'browser_press_key' ? { key: 'a' } : {})),
  );
  expect(steps).toEqual([
    ...['browser_navigate_back begins', 'browser_navigate_back ends', 'browser_snapshot begins'],
    ...['browser_press_key begins', 'browser_press_key ends'],
  ]);
});
