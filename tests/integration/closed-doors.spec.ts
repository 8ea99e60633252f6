import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createConsultationsSite } from '../support/consultations/index.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ timeout: 300_000 });
test.skip(process.platform === 'win32', 'signals and /proc are POSIX');

/** Signals to every process of the run; what it says of them; and what a log could have shown. */
const knocks = `import { expect, test } from '@auth';
  import { execFileSync } from 'node:child_process';
  import { readFileSync, writeFileSync } from 'node:fs';
  import inspector from 'node:inspector';
  test.use({ authSession: 'admin' });
  test('knocks', async ({ page, context, credentials }) => {
    await page.goto('/');
    const { username, password, totp } = await credentials('admin');
    const code = await totp();
    const cookies = await context.cookies();
    const headers = { authorization: 'Basic ' + password, cookie: cookies.map((one) => one.name + '=' + one.value).join('; ') };
    await fetch(process.env.SITE_URL + '/?code=' + code, { headers });
    const { secret } = JSON.parse(readFileSync(process.env.AUTH_SESSIONS_BROKER, 'utf8'));
    const known = { secret, username, password, code, ...Object.fromEntries(cookies.map(({ name, value }) => [name, value])) };
    writeFileSync(process.env.KNOWN_FILE, JSON.stringify(known));

    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\\n');
    const broker = Number(table.map((line) => line.trim().split(/\\s+/))
      .find(([, parent, ...args]) => parent === String(process.ppid) && /broker[\\\\/]main/.test(args.join(' ')))[0]);
    for (const pid of [broker, process.ppid, process.pid]) process.kill(pid, 'SIGUSR1');
    process.kill(broker, 'SIGUSR1');
    await credentials('admin'); // the broker answers after the signal
    expect(inspector.url()).toBeUndefined();
    if (process.platform !== 'linux') return;
    for (const pid of [broker, process.ppid, process.pid])
      expect(readFileSync('/proc/' + pid + '/coredump_filter', 'utf8').trim()).toMatch(/^0+$/);
    const inherited = readFileSync('/proc/' + broker + '/environ', 'utf8');
    expect(inherited).not.toMatch(/NODE_DEBUG|report-on-signal|heapsnapshot|DEBUG_FILE/);
    expect(inherited).toContain('--max-old-space-size=2000');
  });`;

/** Writes values in ways that go past `console`. */
const loudFlow = `import { defineAuthFlow } from '@auth';
  import consultations from './consultations.js';
  export default defineAuthFlow({
    async create({ page, credentials, totp, ...others }) {
      const { password } = credentials;
      process.emitWarning('a flow warns of ' + password, { type: 'Odd', detail: 'details of ' + password });
      void Promise.reject(new Error('a flow leaves ' + password));
      void Promise.reject('a flow drops ' + password);
      setTimeout(() => { throw new Error('a flow throws ' + password); });
      await consultations.create({ page, credentials, totp, ...others });
    },
    check: consultations.check,
  });`;

test('signals open no debugger, and no log shows a value, an environment or the secret of the broker', async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    options: "environment: 'local',",
    tests: { 'knocks.spec.ts': knocks },
    files: { 'loud-flow.ts': loudFlow },
    moreSessions: `admin: { flow: './loud-flow.ts', parameters: {
      username: 'op://automation/consultations-admin/username',
      password: 'op://automation/consultations-admin/password',
      otp: 'op://automation/consultations-admin/one-time password?attribute=otp' } },`,
  });
  const knownFile = path.join(project.folder, 'known.json');
  const debugFile = path.join(project.folder, 'debug.log');
  const token = 'ops_not-a-real-token-but-as-secret-as-one';
  const key = testKey('doors');
  const bystander = 'an-environment-is-not-for-logs';
  try {
    const { output } = await project.run([], {
      env: {
        NODE_DEBUG: '*',
        DEBUG: '*',
        DEBUG_FILE: debugFile,
        NODE_OPTIONS: '--max-old-space-size=2000 --report-on-signal --heapsnapshot-signal=SIGUSR2',
        ...{ OP_SERVICE_ACCOUNT_TOKEN: token, AUTH_SESSIONS_KEY: key, BYSTANDER: bystander },
        ...{ SITE_URL: site.url, KNOWN_FILE: knownFile },
      },
    });
    expect(output).toContain('1 passed');
    expect(output).toContain('NODE_DEBUG and DEBUG_FILE turned off');
    for (const deed of ['warns of', 'details of', 'leaves', 'drops', 'throws'])
      expect(output, deed).toMatch(new RegExp(`${deed} \\[redacted:`));
    expect(output).not.toMatch(/Debugger listening|Starting inspector/);
    const known = JSON.parse(readFileSync(knownFile, 'utf8')) as Record<string, string>;
    const logs = output + (existsSync(debugFile) ? readFileSync(debugFile, 'utf8') : '');
    for (const [name, value] of Object.entries({ ...known, token, key, bystander }))
      for (const form of [value, encodeURIComponent(value), hexOf(value)])
        expect(logs.includes(form), name).toBe(false);
  } finally {
    await project.remove();
    await site.close();
  }
});

/** As Node shows bytes. */
function hexOf(value: string): string {
  return (Buffer.from(value).toString('hex').match(/../g) ?? []).join(' ');
}
