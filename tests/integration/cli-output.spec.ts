import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { commandLine, envelopeOf, runCommand, runInProcess, startCommand } from '../support/command-line.js';
import {
  browserUse,
  cleanEnvironment,
  createNestedProject,
  withoutColours,
  type NestedProject,
} from '../support/nested-run.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const password = 'not for anybody to read 51';
const key = { AUTH_SESSIONS_KEY: testKey('output') };

let project: NestedProject;

test.beforeAll(async () => {
  project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      console.log('the config prints');
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        use: { baseURL: 'http://127.0.0.1:9', launchOptions: ${browserUse()} },
      }));`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      console.log('the sessions file prints');
      process.stdout.write('past the console\\n');
      process.stderr.write('and to the other stream\\n');
      setInterval(() => process.stdout.write('later\\n'), 1);
      const parameters = { password: 'op://vault/ada/password' };
      const gated = { flow: './gated.ts', parameters: {} };
      export default defineAuthSessions({ sessions: { ada: { flow: './flow.ts', parameters }, bob: gated, eve: gated, kim: gated } });`,
    'gated.ts': `
      import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        parameters: [],
        async create({ page }) { await page.goto(process.env.GATE, { timeout: 0 }); },
      });`,
    'flow.ts': `
      import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        async create({ page, credentials }) {
          process.stdout.write('typing ' + credentials.password.slice(0, 9));
          process.stdout.write(credentials.password.slice(9) + ' now\\n');
          console.error({ typed: credentials.password });
          await page.context().addCookies([{ name: 'id', value: 'a-long-cookie-value', url: 'http://127.0.0.1:9' }]);
        },
      });`,
    '.env.auth-sessions': `VAULT__ADA__PASSWORD='${password}'\n`,
    'notes.txt': 'nothing of interest',
  });
});

test.afterAll(() => project.remove());

for (const args of [
  ['list'],
  ['create', 'ada'],
  ['scan', 'notes.txt'],
  ['local', 'init'],
  ['doctor'],
  ['init', '--vault', 'vault'],
  ['remove', '--all'],
])
  test(`${args.join(' ')} --json prints one envelope, even if the project's files print`, async () => {
    const { stdout, stderr } = await runCommand([...args, '--json'], { folder: project.folder, env: key });
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(1);
    const name = args.filter((word) => ['local', 'init'].includes(word)).join(' ') || args[0];
    expect(envelopeOf({ stdout })).toMatchObject({ version: 1, command: name });
    expect(stderr).toBe('');
  });

test('output of flows goes to standard error, line by line and redacted', async () => {
  const { stdout, stderr, exitCode } = await runCommand(['create', 'ada'], {
    folder: project.folder,
    env: key,
  });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^✓ {2}ada {2}created {2}\d+ s\n$/);
  for (const line of ['the sessions file prints', 'past the console', 'and to the other stream'])
    expect(stderr).toContain(`${line}\n`);
  expect(stderr).toContain('typing [redacted:ada.password] now\n');
  expect(stdout + stderr).not.toContain(password);
});

test("an agent gets only the protocol, even if the project's files print", async () => {
  const command = startCommand(['mcp', 'ada'], { folder: project.folder, env: key, interactive: true });
  const clientInfo = { name: 'agent', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  command.type(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }));
  await command.waitFor(/"serverInfo"/);
  command.type(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} }));
  await command.waitFor(/browser_navigate"/);
  command.process.stdin?.end();
  const { stdout, stderr, exitCode } = await command.ended;
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number });
  expect(answers.map(({ id }) => id)).toEqual([1, 2]);
  expect({ exitCode, printed: stderr.includes('past the console') }).toEqual({ exitCode: 0, printed: true });
});

test('a reader that closes the pipe changes no exit code, and sees no stack', async () => {
  for (const [args, exitCode] of [
    [['list'], 0],
    [['check', 'ada'], 0],
    [['scan', '.env.auth-sessions'], 1],
  ] as const) {
    const command = startCommand([...args], { folder: project.folder, env: key });
    command.process.stdout?.destroy();
    const ended = await command.ended;
    expect({ args, ...ended, stderr: withoutOwnLines(ended.stderr) }).toEqual({
      args,
      exitCode,
      stdout: '',
      stderr: '',
    });
  }
});

test('a terminal shows progress and erases it; a pipe and a CI log do not show it', async () => {
  test.skip(process.platform !== 'linux', "a terminal is made with util-linux's script");
  const stdout = await throughGate(['renew', 'kim'], /\S kim \d+ s/);
  expect(stdout).toMatch(/\S reading playwright\.config\.ts \d+ s/);
  // oxlint-disable-next-line no-control-regex -- that is what colours and movements are
  expect(stdout).toMatch(/\u001b\[1A.*\u001b\[0J/s);
  // oxlint-disable-next-line no-control-regex
  expect(stdout).toMatch(/\u001b\[32m✓/);
  const plain = await onTerminal(['list', '--json']);
  expect(envelopeOf({ stdout: plain.stdout.trim() })).toMatchObject({ ok: true });
  const onCi = await onTerminal(['list'], { CI: '1', AUTH_SESSIONS_KEY: key.AUTH_SESSIONS_KEY });
  expect(onCi.stdout).not.toContain('reading');
});

test('sessions sign in concurrently, with a line of progress each', async () => {
  test.skip(process.platform !== 'linux', "a terminal is made with util-linux's script");
  const stdout = await throughGate(['create', 'bob', 'eve'], /\S bob \d+ s\r?\n\S eve \d+ s/);
  expect(stdout).toMatch(/✓.{0,9} {2}.{0,9}bob.{0,9} +created .*✓.{0,9} {2}.{0,9}eve.{0,9} +created /s);
});

test('local init names itself in an envelope about its usage', async () => {
  const wrong = await runInProcess(['local', 'init', '--jsno', '--json'], { folder: project.folder });
  expect(envelopeOf(wrong)).toMatchObject({ command: 'local init', ok: false });
  expect(wrong.exitCode).toBe(2);
});

/** Runs a command on a separate terminal, which is both of its streams. */
function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = key) {
  const command = [process.execPath, commandLine(), ...args].map((word) => `'${word}'`).join(' ');
  const clean = cleanEnvironment({ ...env, TERM: 'xterm', COLUMNS: '120' }, project.folder);
  return promisify(execFile)('script', ['-qefc', command, '/dev/null'], { cwd: project.folder, env: clean });
}

/** Runs a command whose flows wait on a server that answers once the terminal shows the expected progress. */
async function throughGate(args: readonly string[], progress: RegExp): Promise<string> {
  const waiting: ServerResponse[] = [];
  const server = createServer((_, response) => void waiting.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gate = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const terminal = onTerminal(args, { ...key, GATE: gate });
  let seen = '';
  terminal.child.stdout?.on('data', (text: string) => (seen += text));
  await expect.poll(() => seen, { timeout: 60_000 }).toMatch(progress);
  await expect.poll(() => waiting.length).toBe(args.length - 1);
  for (const response of waiting)
    response.writeHead(200, { 'set-cookie': 'id=of-somebody-who-waited' }).end();
  const { stdout } = await terminal;
  server.close();
  return stdout;
}

function withoutOwnLines(text: string): string {
  const known = ['the sessions file prints', 'past the console', 'and to the other stream', 'later'];
  return withoutColours(text)
    .split('\n')
    .filter((line) => !known.includes(line))
    .join('');
}
