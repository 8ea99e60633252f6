import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { runProgram } from '../../src/cli/run-program.js';
import { formatCookieFile } from '../../src/cli/terminal/format-cookie-file.js';
import { formatDuration } from '../../src/cli/terminal/format-duration.js';
import { createProgress } from '../../src/cli/terminal/progress.js';
import { runAct, type Act } from '../../src/cli/terminal/run-act.js';
import { wantsColours } from '../../src/cli/terminal/style.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createSink, envelopeOf, runInProcess } from '../support/command-line.js';

const folder = '/';
const run = (...args: string[]) => runInProcess(args, { folder });

const commands = [
  ['init'],
  ['list'],
  ['create'],
  ['check'],
  ['renew'],
  ['remove'],
  ['record'],
  ['record-flow'],
  ['open'],
  ['codegen'],
  ['export'],
  ['import'],
  ['pack'],
  ['unpack'],
  ['mcp'],
  ['scan'],
  ['audit'],
  ['local', 'init'],
  ['doctor'],
];

for (const command of commands)
  test(`${command.join(' ')} --help has an example, and is good`, async () => {
    const { exitCode, stdout, stderr } = await run(...command, '--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`\\$ npx playwright-auth-sessions ${command.join(' ')}`));
  });

test('without a command there is help, and wrong usage', async () => {
  const { exitCode, stdout, stderr } = await run();
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  const listed = stderr.slice(stderr.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm);
  expect([...listed].map(([, name]) => name)).toEqual([...commands.map(([name]) => name), 'help']);
});

for (const [args, told] of [
  [
    ['lst'],
    "Unknown command 'lst'. [ERR_USAGE]\n  Did you mean list? For help: npx playwright-auth-sessions --help",
  ],
  [['list', '--jsno'], "Unknown option '--jsno'. [ERR_USAGE]\n  Did you mean --json?"],
  [['local', 'inti'], "Unknown command 'inti'. [ERR_USAGE]\n  Did you mean init?"],
  [
    ['open'],
    "Missing required argument 'name'. [ERR_USAGE]\n  For help: npx playwright-auth-sessions open --help",
  ],
  [['export', 'admin', '--format', 'x'], 'Allowed choices are playwright, netscape. [ERR_USAGE]'],
  [
    ['export', 'admin'],
    'The state of "admin" is not printed without --reveal. [ERR_USAGE]\n  Anyone holding it can use the session.',
  ],
  [['doctor', '--config', 'not-there'], 'There is no Playwright config at /not-there. [ERR_USAGE]'],
  [['scan', 'not-there'], 'No such file or folder: /not-there. [ERR_USAGE]'],
] as const)
  test(`auth-sessions ${args.join(' ')} is wrong usage, in three parts`, async () => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(told);
  });

test('wrong usage is an envelope where one is asked for', async () => {
  const wrong = await run('list', '--json', '--nothing');
  expect(wrong.exitCode).toBe(2);
  expect(envelopeOf(wrong)).toMatchObject({
    ...{ version: 1, command: 'list', ok: false, data: null },
    errors: [{ code: 'ERR_USAGE', known: null, session: null, reference: null }],
  });
});

test('without a project, it says so and what to do', async () => {
  const { exitCode, stderr } = await run('list');
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    '✗ No Playwright config was found. [ERR_PLAYWRIGHT_CONFIG]\n' +
      '  No playwright.config.* is in / or above it.\n' +
      '  Run the command beside or below the config, or name it with --config.\n',
  );
});

test('an error common to all sessions is reported once, with --json too', async () => {
  const bad = () =>
    new AuthSessionsError('ERR_LOCAL_FILE_INVALID', { failed: 'It cannot be read.', next: 'Mend it.' });
  const act: Act = () => Promise.resolve({ data: 1, text: '', errors: Array.from({ length: 10 }, bad) });
  for (const json of [false, true]) {
    const [stdout, stderr] = [createSink(), createSink()];
    const around = { folder, env: {}, signal: new AbortController().signal };
    await runAct(
      act,
      { command: 'create', json },
      { ...around, stdout: stdout.stream, stderr: stderr.stream },
    );
    if (json) expect(envelopeOf({ stdout: stdout.text() }).errors).toHaveLength(1);
    else expect(stderr.text()).toBe('✗ It cannot be read. [ERR_LOCAL_FILE_INVALID]\n  Mend it.\n');
  }
});

test('a command that was stopped says nothing more', async () => {
  const [stdout, stderr] = [createSink(), createSink()];
  const around = {
    folder,
    env: {},
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: AbortSignal.abort(),
  };
  expect(await runProgram(['list', '--json'], around)).toBe(130);
  expect(stdout.text() + stderr.text()).toBe('');
});

test('colours are for terminals; NO_COLOR overrides FORCE_COLOR', () => {
  expect(wantsColours({ env: {}, isTerminal: true })).toBe(true);
  expect(wantsColours({ env: {}, isTerminal: false })).toBe(false);
  expect(wantsColours({ env: { TERM: 'dumb' }, isTerminal: true })).toBe(false);
  expect(wantsColours({ env: { FORCE_COLOR: '1' }, isTerminal: false })).toBe(true);
  expect(wantsColours({ env: { FORCE_COLOR: '0' }, isTerminal: true })).toBe(false);
  expect(wantsColours({ env: { FORCE_COLOR: '1', NO_COLOR: '1' }, isTerminal: true })).toBe(false);
});

test('progress shows what takes longer than half a second, and takes it away', async () => {
  const { stream, text } = createSink();
  let nowMs = 0;
  const progress = createProgress({ stream, redact: (line) => line, nowMs: () => nowMs });
  await progress.during('quick', () => Promise.resolve());
  expect(text()).toBe('');
  await progress.during('admin', async () => {
    nowMs = 1500;
    await expect.poll(text).toMatch(/admin 1 s\n/);
  });
  await progress.during('after', () => Promise.resolve());
  expect(text()).not.toContain('after');
});

test('progress has a line for each session, and makes room for messages', async () => {
  const terminal = createTerminal();
  const gate = new AbortController();
  const opened = once(gate.signal, 'abort');
  const ended = runAct(
    async (context) => {
      const both = ['ada', 'bob'].map((name) => context.progress.during(name, () => opened));
      await expect.poll(terminal.text).toMatch(/\S ada 0 s\n\S bob 0 s\n$/);
      context.note(`${context.noteStyle.good('told')} ${context.style.good('meanwhile')}`);
      process.stdout.write('a flow prints\n');
      await expect.poll(terminal.text).toMatch(/a flow prints\n\S ada \d s\n\S bob \d s\n$/);
      gate.abort();
      await Promise.all(both);
      return { data: null, text: 'done' };
    },
    { command: 'create', json: false },
    { ...terminal.around, env: {} },
  );
  expect(await ended).toBe(0);
  expect(terminal.text()).toContain('\u001b[2A\u001b[1G\u001b[0J');
  expect(terminal.text().endsWith('\u001b[0J')).toBe(true);
  // Colours are of the stream that a text goes to: here standard output is no terminal.
  expect(terminal.text()).toContain('\u001b[32mtold\u001b[39m meanwhile\n');
});

test('a terminal that does not know its width loses nothing', async () => {
  const { stream, text } = createSink();
  let nowMs = 0;
  const unsized = Object.assign(stream, { columns: 0 });
  const progress = createProgress({ stream: unsized, redact: (line) => line, nowMs: () => nowMs });
  await progress.during('admin', async () => {
    nowMs = 1500;
    await expect.poll(text).toMatch(/admin 1 s\n/);
  });
});

test('other output is printed a line at a time, without values, and with --json not at all', async () => {
  for (const json of [false, true]) {
    const [stdout, stderr] = [createSink(), createSink()];
    const printed = Reflect.get(process.stdout, 'write') as unknown;
    const act: Act = async ({ redactor }) => {
      redactor.add(new SecretValue('a value to keep', 'ada.password'));
      process.stdout.write('parted: a value ');
      await new Promise<void>((resolve) => process.stdout.write('to keep\n', () => resolve()));
      process.stderr.write(Buffer.from('and the rest'));
      console.log('logged', { typed: 'a value to keep' });
      return { data: 1, text: 'its own' };
    };
    const around = { folder, env: {}, signal: new AbortController().signal };
    await runAct(act, { command: 'list', json }, { ...around, stdout: stdout.stream, stderr: stderr.stream });
    expect(Reflect.get(process.stdout, 'write')).toBe(printed);
    const others =
      "parted: [redacted:ada.password]\nand the restlogged { typed: '[redacted:ada.password]' }\n";
    expect(stderr.text()).toBe(json ? '' : others);
    if (json) expect(envelopeOf({ stdout: stdout.text() })).toMatchObject({ data: 1 });
    else expect(stdout.text()).toBe('its own\n');
  }
});

test('durations have two units at most', () => {
  expect([0, 45_000, 59_600, 720_000, 12_000_000, 86_400_000, 187_200_000].map(formatDuration)).toEqual([
    ...['0 s', '45 s', '1 min', '12 min', '3 h 20 min', '1 d', '2 d 4 h'],
  ]);
});

test("cookies are written as Netscape's browser wrote them", () => {
  const cookie = {
    name: 'id',
    value: 'v',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
  } as const;
  expect(
    formatCookieFile([
      { ...cookie, domain: '.shop.example', expires: 1_800_000_000.4 },
      { ...cookie, domain: 'shop.example', expires: -1, httpOnly: false, secure: false },
    ]),
  ).toBe(
    '# Netscape HTTP Cookie File\n' +
      '#HttpOnly_.shop.example\tTRUE\t/\tTRUE\t1800000000\tid\tv\n' +
      'shop.example\tFALSE\t/\tFALSE\t0\tid\tv\n',
  );
});

/** Standard error is a terminal, whose colours and movements are kept; standard output is a pipe. */
function createTerminal() {
  let written = '';
  const write = (chunk: Buffer, _: unknown, done: () => void) => {
    written += chunk.toString();
    done();
  };
  const stderr = Object.assign(new Writable({ write }), { isTTY: true, columns: 80 });
  const { signal } = new AbortController();
  return { text: () => written, around: { folder, stdout: createSink().stream, stderr, signal } };
}
