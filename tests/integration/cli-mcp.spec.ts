import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { toolDecisions } from '../../src/cli/mcp/tool-decisions.js';
import {
  createCanaryProject,
  knownCanaries,
  startAgent,
  storeKey,
  token,
  type Agent,
} from '../support/agent.js';
import { createCanarySite, type CanarySite } from '../support/canary-site.js';
import { runCommand } from '../support/command-line.js';
import type { NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: CanarySite;
let project: NestedProject;
let agent: Agent;

test.beforeAll(async () => {
  site = await createCanarySite();
  project = await createCanaryProject(site);
  agent = await startAgent(['mcp', 'ada'], project.folder);
});

test.afterAll(async () => {
  await agent.client.close();
  await project.remove();
  await site.close();
});

test('offers the allowed tools, without arguments that write files, before signing in', async () => {
  const { tools } = await agent.client.listTools();
  const decided = Object.entries(toolDecisions).filter(([, { offered }]) => offered);
  const own = ['auth_session_renew', 'browser_close', 'browser_take_screenshot'];
  expect(tools.map(({ name }) => name).sort()).toEqual([...decided.map(([name]) => name), ...own].sort());
  const taken = tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {}));
  for (const name of ['filename', 'paths', 'code', 'function', 'isolatedContext', 'textGone', 'session'])
    expect(taken).not.toContain(name);
  expect(site.signIns).toBe(0);
});

test('opens a page, signed in', async () => {
  await agent.call('browser_navigate', { url: '/' });
  expect(await agent.call('browser_snapshot')).toContain('Signed in as ada');
  expect(site.signIns).toBe(1);
});

test('says something about a page that is open already', async () => {
  const again = await agent.call('browser_navigate', { url: '/' });
  expect(again).toMatch(/Signed in as ada|The page did not change: browser_snapshot shows it/);
});

test('redacts secrets in the text of a page', async () => {
  await agent.call('browser_navigate', { url: '/echo' });
  const snapshot = await agent.call('browser_snapshot');
  expect(snapshot).toContain('Signed in as ada');
  expect(snapshot).toContain('[redacted:ada cookie sid]');
  expect(snapshot).toContain('[redacted:ada storage api_token]');
  expect(await agent.call('browser_console_messages', { level: 'debug', all: true })).toContain('[redacted:');
  expect(await agent.call('browser_tabs', { action: 'list' })).toContain('[redacted:');
  await agent.call('browser_navigate', { url: '/address' });
  await agent.call('browser_navigate', { url: '/rotate' });
  expect(await agent.call('browser_snapshot')).toContain('You have [redacted:ada cookie sid2] now');
});

test('takes a screenshot, and withholds it if a secret is visible', async () => {
  await agent.call('browser_navigate', { url: '/' });
  const picture = await agent.client.callTool({ name: 'browser_take_screenshot', arguments: {} });
  expect(picture.content).toMatchObject([{ type: 'image', mimeType: 'image/png' }]);
  await agent.call('browser_navigate', { url: '/echo' });
  expect(await agent.call('browser_take_screenshot', { fullPage: true })).toContain('withheld');
  expect(await agent.call('browser_take_screenshot', { filename: 'a.png' })).toContain('is not supported');
});

test('rejects calls of withheld tools', async () => {
  const given = {
    function: '() => document.cookie',
    code: 'document.cookie',
    name: 'sid',
    index: 1,
    key: 'api_token',
  };
  for (const [name, { offered }] of Object.entries(toolDecisions)) {
    if (offered || name === 'browser_close' || name === 'browser_take_screenshot') continue;
    expect(await agent.call(name, given), name).toContain(`There is no tool "${name}".`);
  }
});

test('no offered tool reveals a credential, with any arguments', async () => {
  await agent.call('browser_navigate', { url: '/form' });
  const form = await agent.call('browser_snapshot', { boxes: true });
  const refOf = (what: RegExp) =>
    new RegExp(`${what.source}.*?\\[ref=((?:f\\d+)?e\\d+)\\]`).exec(form)?.[1] ?? '';
  const [name, kind, file, button] = [
    /textbox "Name"/,
    /combobox "Kind"/,
    /button "File"/,
    /button "Go"/,
  ].map(refOf);
  const attempts: [string, Readonly<Record<string, unknown>>][] = [
    ['browser_type', { target: name, text: 'hello', submit: true, element: 'Name' }],
    [
      'browser_fill_form',
      { fields: [{ target: name, element: 'Name', name: 'Name', type: 'textbox', value: 'sid' }] },
    ],
    ['browser_type', { target: 'input[value^="canary"]', text: 'x' }],
    ['browser_click', { target: 'text=canary' }],
    ['browser_snapshot', { target: 'body', filename: 'leak.md' }],
    ['browser_snapshot', { filename: 'leak.md' }],
    ['browser_console_messages', { level: 'debug', filename: 'leak.log' }],
    ['browser_select_option', { target: kind, values: ['two'] }],
    ['browser_hover', { target: name }],
    ['browser_drag', { startTarget: name, endTarget: button, startElement: 'a', endElement: 'b' }],
    ['browser_press_key', { key: 'Control+c' }],
    ['browser_press_key', { key: 'Control+a' }],
    ['browser_resize', { width: 800, height: 600 }],
    ['browser_emulate_media', { colorScheme: 'dark' }],
    ['browser_wait_for', { text: 'canary' }],
    ['browser_wait_for', { time: 0.01 }],
    ['browser_navigate', { url: 'javascript:document.body.innerText=[...localStorage.api_token].join(" ")' }],
    ['browser_navigate', { url: `file://${project.folder}/.env.auth-sessions` }],
    ['browser_navigate', { url: 'view-source:' + site.url + '/echo' }],
    ['browser_navigate', { url: 'chrome://settings/content/all' }],
    ['browser_tabs', { action: 'new', url: `file://${project.folder}/.env.auth-sessions` }],
    ['browser_tabs', { action: 'new', url: '/echo' }],
    ['browser_snapshot', {}],
    ['browser_tabs', { action: 'new', isolatedContext: 'mine' }],
    ['browser_tabs', { action: 'close', index: 1 }],
    ['browser_tabs', { action: 'select', index: 0 }],
    ['browser_click', { target: file }],
    ['browser_file_upload', { paths: [path.join(project.folder, '.env.auth-sessions')] }],
    ['browser_file_upload', {}],
    ['browser_click', { target: button, element: 'Go' }],
    ['browser_snapshot', { _meta: { cwd: project.folder, json: true } }],
    ['browser_navigate_back', {}],
    ['browser_navigate', { url: '/dialog' }],
    ['browser_snapshot', {}],
  ];
  for (const [tool, given] of attempts) await agent.call(tool, given);
  const tell = /button "Tell".*?\[ref=((?:f\d+)?e\d+)\]/.exec(agent.heard.at(-1) ?? '')?.[1] ?? '';
  expect(await agent.call('browser_click', { target: tell })).toContain('dialog with message "[redacted:');
  await agent.call('browser_handle_dialog', { accept: true, promptText: 'x' });
  await agent.call('browser_wait_for', { time: 0.1 });
  await agent.call('browser_snapshot');
});

test('signs in an ended session again, and says so to the agent', async () => {
  await agent.call('browser_navigate', { url: '/' });
  site.endSessions();
  await agent.call('browser_navigate', { url: '/' });
  const answer = await agent.call('browser_navigate', { url: '/' });
  expect(answer).toContain('The session "ada" had ended and was signed in again.');
  expect(await agent.call('browser_snapshot')).toContain('Signed in as ada');
  expect(await agent.call('auth_session_renew')).toContain('The session "ada" is signed in.');
  expect(site.signIns).toBe(2);
});

test('reopens a closed browser, signed in, without another sign-in', async () => {
  await agent.call('browser_close');
  await agent.call('browser_navigate', { url: '/' });
  expect(await agent.call('browser_snapshot')).toContain('Signed in as ada');
  expect(site.signIns).toBe(2);
});

test('neither its processes nor its folder contain anything hidden from the agent', async () => {
  test.skip(process.platform !== 'linux', 'environments can be read on Linux only');
  const working = agent.call('browser_wait_for', { time: 2 });
  const processes = await processesBelow(agent.pid);
  expect(processes.length).toBeGreaterThan(1);
  for (const pid of processes) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    expect(environment + commandLine).not.toContain(token);
    expect(environment + commandLine).not.toContain(storeKey);
  }
  await working;
  expect(await readdir(project.folder)).not.toContain('.playwright-mcp');
  const files = await readdir(project.folder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile() || file.name === '.env.auth-sessions') continue;
    const bytes = await readFile(path.join(file.parentPath, file.name));
    expect(knownCanaries(site).search(bytes), file.name).toEqual([]);
  }
});

test('signs in and stores only the session it was started for', async () => {
  const stored = (await readdir(path.join(project.folder, '.auth-sessions'))).filter((name) =>
    name.endsWith('jwe'),
  );
  expect(stored.map((name) => name.split('-')[0])).toEqual(['ada']);
  expect(await agent.call('auth_session_renew', { session: 'other' })).toContain(
    '"session" is not supported',
  );
  expect(site.signIns).toBe(2);
});

test('the agent has received no credential, cookie or storage value', () => {
  const everything = [...agent.heard, agent.stderr()].join('\n');
  expect(agent.heard.length).toBeGreaterThan(100);
  expect(knownCanaries(site).search(Buffer.from(everything))).toEqual([]);
});

test('everything it started ends with the agent', async () => {
  test.skip(process.platform !== 'linux', 'processes are listed on Linux only');
  const processes = [agent.pid, ...(await processesBelow(agent.pid))];
  expect(processes.length).toBeGreaterThan(2);
  await agent.client.close();
  const left = async () => {
    const all = await readdir('/proc');
    return processes.filter((pid) => all.includes(String(pid)));
  };
  await expect.poll(left).toEqual([]);
});

test('reports an undeclared name, and prints nothing to standard output', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['mcp', 'adda'], { folder: project.folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('Did you mean "ada"?');
});

async function processesBelow(pid: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const one of all) {
    const stat = await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '');
    parents.set(one, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const below = (parent: number): number[] =>
    all.filter((one) => parents.get(one) === parent).flatMap((one) => [one, ...below(one)]);
  return below(pid);
}
