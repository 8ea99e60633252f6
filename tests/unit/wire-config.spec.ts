import { expect, test } from '@playwright/test';
import { readConfigFacts } from '../../src/cli/init/config-facts.js';
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

test('tells which sessions file a config uses, where it says so in so many words', () => {
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
  ).toEqual({ syntax: 'import', testDir: 'e2e', baseURL: 'https://a.example', webServer: false });
  expect(
    readConfigFacts('module.exports = { use: { baseURL: url }, webServer: isCi ? undefined : own };'),
  ).toEqual({
    syntax: 'require',
    testDir: undefined,
    baseURL: undefined,
    webServer: true,
  });
});
