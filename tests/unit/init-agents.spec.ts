import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { planAgentServer } from '../../src/cli/init/agent-server.js';

let folder: string;
const answers = 'admin';

test.beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'init-agents-'));
});

test.afterEach(() => rm(folder, { recursive: true, force: true }));

test('agents get the browser of a session', async () => {
  const { change, notes } = await plan();
  expect(change).toMatchObject({ file: path.join(folder, '.mcp.json'), before: undefined });
  expect(serversOf(change?.after)).toEqual({
    'signed-in-browser': { command: 'npx', args: ['playwright-auth-sessions', 'mcp', 'admin'] },
  });
  expect(notes).toEqual([]);
});

test('a config in a folder is named from the root of the repository', async () => {
  const { change } = await plan('packages/shop/playwright.config.ts');
  expect(serversOf(change?.after)['signed-in-browser']?.args).toEqual([
    ...['playwright-auth-sessions', 'mcp', 'admin', '--config', 'packages/shop'],
  ]);
});

test('other servers and settings stay, and a second run changes nothing', async () => {
  const own = { mcpServers: { other: { command: 'other' } }, more: [1] };
  await writeFile(path.join(folder, '.mcp.json'), JSON.stringify(own));
  const { change } = await plan();
  const after = JSON.parse(change?.after ?? '') as typeof own;
  expect(after).toMatchObject(own);
  expect(Object.keys(after.mcpServers)).toEqual(['other', 'signed-in-browser']);
  await writeFile(path.join(folder, '.mcp.json'), change?.after ?? '');
  expect((await plan()).change).toBeUndefined();
});

test("Playwright's test agents are named with what they can do", async () => {
  const server = { command: 'npx', args: ['playwright', 'run-test-mcp-server'] };
  await writeFile(
    path.join(folder, '.mcp.json'),
    JSON.stringify({ mcpServers: { 'playwright-test': server } }),
  );
  expect((await plan()).notes).toEqual([expect.stringContaining("Playwright's test agents run code")]);
});

for (const text of ['{ not JSON', '[]', '{ "mcpServers": [] }'])
  test(`a file with ${text} is left as it is, and named`, async () => {
    await writeFile(path.join(folder, '.mcp.json'), text);
    const { change, notes } = await plan();
    expect([change, notes[0]]).toEqual([undefined, expect.stringContaining('left as it is')]);
    expect(await readFile(path.join(folder, '.mcp.json'), 'utf8')).toBe(text);
  });

function plan(config = 'playwright.config.ts') {
  return planAgentServer({ repository: folder, configFile: path.join(folder, config) }, answers);
}

function serversOf(text = '{}') {
  return (JSON.parse(text) as { mcpServers: Record<string, { args: string[] }> }).mcpServers;
}
