import { expect, test } from '@playwright/test';
import { readConfigFacts } from '../../src/cli/init/config-facts.js';
import { setBaseURL } from '../../src/cli/init/set-base-url.js';
import { wireConfig } from '../../src/cli/init/wire-config.js';

const file = './auth-flows/auth-sessions.ts';

function edited(text: string): string {
  const wired = wireConfig(text, file);
  return wired.kind === 'edited' ? wired.text : wired.kind;
}

test('puts itself within defineConfig, and its import below the others; all else stays', () => {
  const before = `import { defineConfig, devices } from '@playwright/test';
import path from 'node:path';

/** See https://playwright.dev */
export default defineConfig({
  testDir: './tests',   // kept as it is
      use: { baseURL: "https://shop.example" },
  projects: [ { name: 'chromium', use: { ...devices['Desktop Chrome'] } } ],
});
`;
  expect(edited(before)).toBe(
    before
      .replace(
        "from 'node:path';\n",
        "from 'node:path';\nimport { withAuthSessions } from 'playwright-auth-sessions';\n",
      )
      .replace('defineConfig({', `defineConfig(withAuthSessions('${file}', {`)
      .replace('});\n', '}));\n'),
  );
});

test('reads and writes CommonJS', () => {
  expect(
    edited(`// @ts-check
const { defineConfig } = require("@playwright/test")

module.exports = defineConfig({ testDir: 'e2e' })
`),
  ).toBe(`// @ts-check
const { defineConfig } = require("@playwright/test")
const { withAuthSessions } = require("playwright-auth-sessions")

module.exports = defineConfig(withAuthSessions("${file}", { testDir: 'e2e' }))
`);
});

test('wraps objects, typed objects, names of them, and configs that are merged', () => {
  const put = (what: string) => edited(`import a from 'a';\n${what}`).split('\n').slice(2).join('\n');
  const wrapped = (what: string) => `withAuthSessions('${file}', ${what})`;
  expect(put('export default { a };')).toBe(`export default ${wrapped('{ a }')};`);
  expect(put('export default { a } satisfies C;')).toBe(`export default ${wrapped('{ a } satisfies C')};`);
  expect(put('const config: C = { a };\nexport default config;')).toBe(
    `const config: C = { a };\nexport default ${wrapped('config')};`,
  );
  expect(put('export default defineConfig<One>(base);')).toBe(
    `export default defineConfig<One>(${wrapped('base')});`,
  );
  expect(put('export default defineConfig(base, { a });')).toBe(
    `export default ${wrapped('defineConfig(base, { a })')};`,
  );
});

test('keeps the line ends and the comment of a config without imports', () => {
  expect(
    edited("/** @type {import('@playwright/test').PlaywrightTestConfig} */\r\nmodule.exports = {};\r\n"),
  ).toBe(
    `const { withAuthSessions } = require('playwright-auth-sessions');\r\n\r\n/** @type {import('@playwright/test').PlaywrightTestConfig} */\r\nmodule.exports = withAuthSessions('${file}', {});\r\n`,
  );
});

test('leaves a config that has it already, and is not misled by a comment', () => {
  expect(edited("export default defineConfig(withAuthSessions('./a.ts', {}));")).toBe('wired');
  expect(edited('// withAuthSessions(…) comes later\nexport default {};')).toContain(
    "withAuthSessions('./auth",
  );
});

test('finds the sessions file of a config that names it literally', () => {
  const usedBy = (text: string) => wireConfig(`export default ${text};`, file);
  expect(usedBy("defineConfig(withAuthSessions('./who.ts', {}))")).toEqual({
    kind: 'wired',
    sessionsFile: './who.ts',
  });
  expect(usedBy('withAuthSessions(path.join(here, "who.ts"))')).toEqual({
    kind: 'wired',
    sessionsFile: undefined,
  });
});

test('leaves to a person what it cannot see through, and says why', () => {
  for (const [text, why] of [
    ["import config from './shared';\nexport default config;", 'It does not define "config".'],
    ['export default createConfig();', 'It exports the result of a call, or another kind of value.'],
    ['export default async () => ({});', 'It exports the result of a call, or another kind of value.'],
    ['export default function config() {}', 'It exports a function or a class.'],
    ['module.exports = {};\nmodule.exports = { a: 1 };', 'It exports more than once.'],
    ['exports.testDir = "a";', 'It has no recognizable default export.'],
    ['export default {', 'It cannot be parsed.'],
  ] as const)
    expect(wireConfig(text, file)).toEqual({ kind: 'by hand', why });
});

test('reads what a config says in so many words', () => {
  expect(
    readConfigFacts(
      "export default { testDir: 'e2e', use: { baseURL: process.env.URL ?? 'https://a.example' } };",
    ),
  ).toEqual({
    syntax: 'import',
    testDir: 'e2e',
    baseURL: 'https://a.example',
    setsBaseURL: true,
    webServer: false,
  });
  expect(
    readConfigFacts('module.exports = { use: { baseURL: url }, webServer: isCi ? undefined : own };'),
  ).toEqual({
    setsBaseURL: true,
    syntax: 'require',
    testDir: undefined,
    baseURL: undefined,
    webServer: true,
  });
});

const address = 'http://localhost:3000';

test('adds the base URL to the use of a config, and leaves its comments', () => {
  const before = `import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: './tests',
  use: {
    /* Base URL to use in actions like \`await page.goto('')\`. */
    // baseURL: 'http://localhost:3000',
    trace: 'on-first-retry',
  },
});
`;
  const after = setBaseURL(before, address);
  expect(after).toBe(before.replace('  use: {\n', `  use: {\n    baseURL: '${address}',\n`));
  expect(readConfigFacts(after)).toMatchObject({ baseURL: address, setsBaseURL: true });
  expect(setBaseURL(after, 'http://other.example')).toBe(after);
  expect(setBaseURL(edited(before), address)).toBe(edited(after));
});

test('adds a use with the base URL to a config without one, in any of its shapes', () => {
  const use = `use: { baseURL: '${address}' }`;
  const set = (text: string) => setBaseURL(text, address);
  expect(set("export default { testDir: 'e2e' };")).toBe(`export default { ${use}, testDir: 'e2e' };`);
  expect(set('export default defineConfig({});')).toBe(`export default defineConfig({ ${use} });`);
  expect(set('const config: C = {};\nexport default config;')).toBe(
    `const config: C = { ${use} };\nexport default config;`,
  );
  expect(set('module.exports = defineConfig({\r\n  use: {\r\n    trace: "on",\r\n  },\r\n});\r\n')).toBe(
    `module.exports = defineConfig({\r\n  use: {\r\n    baseURL: '${address}',\r\n    trace: "on",\r\n  },\r\n});\r\n`,
  );
  expect(set('export default { use: {} };')).toBe(`export default { ${use} };`);
});

test('leaves a config whose use is computed, or that sets a base URL already', () => {
  for (const text of [
    'export default { use: shared };',
    'export default { use: { baseURL: process.env.SITE_URL } };',
    'export default make();',
    'export default {',
    'export default { use };',
    "export default { ...base, 'use': make() };",
  ])
    expect(setBaseURL(text, address)).toBe(text);
});
