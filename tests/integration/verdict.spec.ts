import { expect, test } from '@playwright/test';
import {
  browserUse,
  createNestedProject,
  type NestedProject,
  type NestedRun,
} from '../support/nested-run.js';

// A red run never looks green, even if the broker, a reporter or the leak check fails.

test.describe.configure({ mode: 'parallel', timeout: 300_000 });
test.skip(process.platform === 'win32', 'signals are POSIX');

let project: NestedProject | undefined;

test.afterEach(() => project?.remove());

interface Parts {
  /** Of the test, after it has its session: source text. */
  readonly act?: string;
  /** Of the flow: source text. */
  readonly flow?: string;
  /** Of the flow's module, which the broker loads: source text. */
  readonly broker?: string;
  /** Methods of a reporter of the project, put after ours and before the leak check: source text. */
  readonly reporter?: string;
  readonly config?: string;
  readonly leaks?: string;
}

/** A project whose sign-in needs no browser and no site. */
async function projectWith({ act = '', flow = '', broker = '', ...more }: Parts) {
  const { reporter = '', config = '', leaks = '' } = more;
  return (project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, use: { launchOptions: ${browserUse()} }, reporter: [['list'], ['./reporter.ts']], ${config} }));`,
    'reporter.ts': `import { truncateSync, writeFileSync } from 'node:fs';
      export default class { ${reporter} }`,
    'flow.ts': `import { defineAuthFlow } from '@auth'; ${broker}
      export default defineAuthFlow({ async create({ context }) { ${flow}
        await context.addCookies([{ name: 'sid', value: 'the-cookie-of-the-session', url: 'http://127.0.0.1' }]); } });`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ leaks: { ${leaks} }, sessions: { one: { flow: './flow.ts', createAttempts: 1,
        parameters: { username: 'op://v/i/username', password: 'op://v/i/password' } } } });`,
    '.env.auth-sessions': "V__I__USERNAME='somebody'\nV__I__PASSWORD='a password'\n",
    'tests/one.spec.ts': `import { execFileSync } from 'node:child_process'; import { writeFileSync } from 'node:fs'; import { expect, test } from '@auth';
      const brokers = () => execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.ppid)], { encoding: 'utf8' })
        .split('\\n').filter((line) => line.includes('broker/main')).map((line) => Number(line.trim().split(' ', 1)[0]));
      const signal = (name) => brokers().forEach((pid) => process.kill(pid, name));
      test('asks for a secret', async ({ authSessions, credentials }) => { ${act} });`,
  }));
}

function expectFailure({ exitCode, output }: NestedRun, ...reported: readonly RegExp[]): void {
  for (const text of reported) expect(output).toMatch(text);
  expect(exitCode).not.toBe(0);
}

/** The leak check has run: it finds what the test left outside its folder. */
const leaves = "writeFileSync('reports/output/left.txt', 'a pass' + 'word');";
const leakFound = /one\.password in \S*left\.txt/;
/** The same where the value became known only when the run ended. */
const repaired = /redacted after the run: \S*left\.txt/;
const littleMemory = { env: { NODE_OPTIONS: '--max-old-space-size=300' } };
/** Starts a browser in the broker; the credentials alone do not. */
const signIn = "await authSessions.storageState('one');";
const read = "await credentials('one');";
const fail = 'expect(1).toBe(2);';

test.describe('a broker', () => {
  test('fails the run if it is frozen', async () => {
    const own = await projectWith({ act: `${read} ${leaves} signal('SIGSTOP'); ${fail}` });
    expectFailure(
      await own.run(),
      /1 failed/,
      /sent no final report: it did not answer within 15 s/,
      leakFound,
    );
  });

  test('fails a run whose tests passed if it receives nothing', async () => {
    const own = await projectWith({ act: signIn, flow: "process.removeAllListeners('message');" });
    expectFailure(await own.run(), /1 passed/, /sent no final report: it did not answer within 15 s/);
  });

  test('fails the run if it is busy forever', async () => {
    const own = await projectWith({
      act: `${read} ${leaves} signal('SIGUSR2'); ${fail}`,
      // As a loop that never ends, which would also keep the processor busy.
      broker: `process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));`,
    });
    expectFailure(await own.run(), /1 failed/, /sent no final report/, leakFound);
  });

  test('fails the run if it is killed twice', async () => {
    const own = await projectWith({
      act: `${read} ${leaves}
        const [first] = brokers();
        signal('SIGKILL');
        await expect.poll(() => brokers().some((pid) => pid !== first), { timeout: 60_000 }).toBe(true);
        signal('SIGKILL');
        await expect.poll(() => brokers(), { timeout: 60_000 }).toEqual([]);`,
    });
    expectFailure(
      await own.run(),
      /1 passed/,
      /sent no final report: it had ended before, with SIGKILL/,
      leakFound,
    );
  });

  test('fails the run if it runs out of memory', async () => {
    const own = await projectWith({
      act: signIn,
      flow: 'const hog: unknown[] = []; for (;;) hog.push(Array(100_000).fill({}));',
    });
    expectFailure(
      await own.run([], littleMemory),
      /1 failed/,
      /heap out of memory/,
      /sent no final report: it had ended before, with SIGABRT/,
    );
  });
});

test.describe('a reporter', () => {
  test('does not prevent the leak check if it throws at the end', async () => {
    const own = await projectWith({
      act: leaves,
      reporter: "onEnd() { throw new Error('in the reporter'); }",
    });
    expectFailure(await own.run(), /1 passed/, /in the reporter/, repaired);
  });

  test('does not prevent the leak check if it throws at the beginning and after each test', async () => {
    const own = await projectWith({
      act: `${leaves} ${fail}`,
      reporter:
        "onBegin() { throw new Error('at the beginning'); } onTestEnd() { throw new Error('after a test'); }",
    });
    expectFailure(await own.run(), /1 failed/, /at the beginning/, /after a test/, repaired);
  });

  test('does not prevent the leak check if it never finishes', async () => {
    const own = await projectWith({ act: leaves, reporter: 'onEnd() { return new Promise(() => {}); }' });
    expectFailure(await own.run(), /1 passed/, /Playwright did not end it/, repaired);
  });

  test('does not hide failed tests if it keeps the process alive or ends it', async () => {
    const own = await projectWith({
      act: fail,
      reporter: 'onExit() { return new Promise(() => {}); }',
    });
    expectFailure(await own.run(), /1 failed/, /Playwright did not end it/);
    await own.write({ 'reporter.ts': 'export default class { onExit() { process.exit(0); } }' });
    expectFailure(await own.run(), /1 failed/);
    await own.write({ 'reporter.ts': 'export default class { onEnd() { process.exit(0); } }' });
    expectFailure(await own.run(), /1 failed/, /ended before the leak check had a result/);
  });
});

test.describe('a leak check', () => {
  test('fails the run if it throws', async () => {
    const own = await projectWith({ leaks: "folders: ['\\0'],", act: read });
    expectFailure(await own.run(), /1 passed/, /the leak check did not finish: /);
  });

  test('fails the run if it runs out of memory', async () => {
    const own = await projectWith({
      act: read,
      reporter: `onEnd() {
        const hog: unknown[] = [];
        setImmediate(() => { for (;;) hog.push(Array(100_000).fill({})); });
      }`,
    });
    expectFailure(await own.run([], littleMemory), /1 passed/, /heap out of memory/);
  });

  test('fails the run if it is interrupted', async () => {
    const own = await projectWith({
      act: read,
      reporter: `onEnd() {
        writeFileSync('reports/output/large.bin', '');
        truncateSync('reports/output/large.bin', 20_000_000_000);
        console.log('CHECK BEGINS');
      }`,
    });
    const run = own.start();
    await run.waitFor(/CHECK BEGINS/);
    run.process.kill('SIGINT');
    const ended = await run.ended;
    expectFailure(ended, /1 passed/, /ended before the leak check had a result/);
    expect(ended.exitCode).toBe(130);
  });

  test('runs after a run that timed out', async () => {
    const own = await projectWith({
      act: 'await new Promise(() => {});',
      config: 'globalTimeout: 20_000, timeout: 0,',
      // Earlier than the value is known by more than a file system's clock resolution.
      reporter: `async onEnd() { ${leaves} await new Promise((resolve) => setTimeout(resolve, 500)); }`,
    });
    expectFailure(await own.run(), /Timed out waiting 20s/, repaired);
  });
});
