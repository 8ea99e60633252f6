import { expect, test } from '@playwright/test';
import { commandLine, runCommand } from '../support/command-line.js';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { requireDovecot, startDovecot } from '../support/mail/dovecot.js';
import { createMailCodeSite, mailAccount, type MailCodeSite } from '../support/mail/mail-code-site.js';
import { startMailpit } from '../support/mail/mailpit.js';
import { sendMail, startSmtpSink } from '../support/mail/smtp-sink.js';
import { browserUse, createNestedProject, resultsOf, type NestedProject } from '../support/nested-run.js';
import { keys, startAtTerminal, whyNoTerminal } from '../support/terminal.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const env = { AUTH_SESSIONS_KEY: testKey('mail codes') };
const mailPassword = 'mail-pass-4711-x8Qz';
const ends: (() => Promise<void>)[] = [];

let site: MailCodeSite;
let project: NestedProject;

test.beforeAll(async () => {
  requireDovecot();
  const dovecot = await startDovecot(mailPassword);
  ends.push(() => dovecot.stop());
  const mailpit = await startMailpit();
  ends.push(() => mailpit.close());
  const smtp = await startSmtpSink(async (source) => {
    mailpit.add(mailAccount.username, source);
    await dovecot.deliver(source);
  });
  ends.push(() => smtp.close());
  site = await createMailCodeSite((mail) => sendMail(smtp.port, mail));
  ends.push(() => site.close());
  project = await createNestedProject(projectFiles(dovecot.port, mailpit.url));
  ends.push(() => project.remove());
});

test.afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

test('a code by mail signs in, and is in no artifact', async () => {
  const run = await project.run(['-g', 'imap'], { env });
  expect(resultsOf(run, 'mail.spec.ts'), run.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect([site.codes.length, site.signIns]).toEqual([1, 1]);
  expect(run.exitCode, run.output).toBe(0); // the leak check passes
  const artifacts = await project.read('results.json');
  expect(artifacts).toContain('[redacted:imap.mailCode]');
  for (const secret of [site.codes[0] ?? '', mailPassword])
    expect(`${run.output}${artifacts}`).not.toContain(secret);
});

test('a renewal on a remembered device needs no code, and the sign-in after remove needs one', async () => {
  site.endSessions();
  const renewed = await project.run(['-g', 'imap'], { env });
  expect(resultsOf(renewed, 'mail.spec.ts'), renewed.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect([site.codes.length, site.signIns]).toEqual([1, 2]);
  const removed = await runCommand(['remove', 'imap'], { folder: project.folder, env });
  expect(removed.exitCode, removed.stderr).toBe(0);
  const again = await project.run(['-g', 'imap'], { env });
  expect(resultsOf(again, 'mail.spec.ts'), again.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect([site.codes.length, site.signIns]).toEqual([2, 3]);
});

test('the documented adapter reads a mailbox behind an API', async () => {
  const run = await project.run(['-g', 'mailpit'], { env });
  expect(resultsOf(run, 'mail.spec.ts'), run.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect([site.codes.length, site.signIns]).toEqual([3, 4]);
});

test('the documented flows for a code and for a link sign in, and neither is in an artifact', async () => {
  const before = site.signIns;
  const run = await project.run(['-g', 'code|link'], { env });
  expect(resultsOf(run, 'mail.spec.ts'), run.output).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect([site.signIns - before, site.linkTokens.length]).toEqual([2, 1]);
  expect(run.exitCode, run.output).toBe(0); // the leak check passes
  const artifacts = `${run.output}${await project.read('results.json')}`;
  for (const secret of [site.codes.at(-1) ?? '', site.linkTokens[0] ?? ''])
    expect(artifacts).not.toContain(secret);
});

test('without a terminal, a flow that asks a person fails and names the command', async () => {
  const created = await runCommand(['create', 'person'], { folder: project.folder, env });
  expect(created.exitCode).toBe(1);
  expect(created.stderr).toContain('npx playwright-auth-sessions create person --headed');
});

test('create asks at a terminal, does not show the code, and stores the session', async () => {
  test.skip(whyNoTerminal() !== undefined, whyNoTerminal());
  const signIns = site.signIns;
  const terminal = startAtTerminal([commandLine(), 'create', 'person'], { folder: project.folder, env });
  await terminal.waitFor(/person: The SMS code/);
  const code = site.codes.at(-1) ?? '';
  terminal.press(`${code}${keys.enter}`);
  const { exitCode, shown } = await terminal.ended;
  expect(exitCode, shown).toBe(0);
  expect(shown).not.toContain(code);
  expect(site.signIns).toBe(signIns + 1);
});

test('Ctrl-C at the question ends the command at once', async () => {
  test.skip(whyNoTerminal() !== undefined, whyNoTerminal());
  const signIns = site.signIns;
  const terminal = startAtTerminal([commandLine(), 'renew', 'person'], { folder: project.folder, env });
  await terminal.waitFor(/person: The SMS code/);
  terminal.press(keys.interrupt);
  const { exitCode, shown } = await terminal.ended;
  expect(exitCode, shown).not.toBe(0);
  expect(site.signIns).toBe(signIns);
});

function projectFiles(imapPort: number, mailpitUrl: string): Readonly<Record<string, string>> {
  const [code = '', link = ''] = codeBlocks(page, 'By mail');
  const [flow = ''] = codeBlocks(page, 'Remembered devices');
  const [adapter = ''] = codeBlocks(page, 'Another mailbox');
  const [person = ''] = codeBlocks(page, 'From a person');
  const check = flow.slice(flow.indexOf('async check'));
  const flowFile = (text: string) =>
    `import { defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${text} });`;
  const parameters = `parameters: {
    username: 'op://automation/shop-admin/username', password: 'op://automation/shop-admin/password' }`;
  return {
    'package.json': '{ "type": "module", "name": "mail" }',
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: [['list'], ['json', { outputFile: 'results.json' }], ['html', { open: 'never' }]],
        use: { baseURL: ${JSON.stringify(site.url)}, trace: 'on', launchOptions: ${browserUse()} },
      }));`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      import { mailpit } from './mailpit.js';
      const mailbox = {
        host: 'localhost', port: ${imapPort}, tls: false,
        username: 'op://automation/mailbox/username', password: 'op://automation/mailbox/password' } as const;
      export default defineAuthSessions({ sessions: {
        code: { flow: './code.ts', ${parameters}, mailbox },
        link: { flow: './link.ts', ${parameters}, mailbox },
        imap: { flow: './remembered.ts', ${parameters}, mailbox },
        mailpit: { flow: './remembered.ts', ${parameters}, mailbox: { open: mailpit(${JSON.stringify(mailpitUrl)}) } },
        person: { flow: './person.ts', ${parameters} },
      } });`,
    'mailpit.ts': adapter.replace("'playwright-auth-sessions'", "'@auth'"),
    'remembered.ts': flowFile(flow),
    'code.ts': flowFile(`${code}\n${check}`),
    'link.ts': flowFile(`${link}\n${check}`),
    'person.ts': flowFile(
      `${person.replace("getByLabel('Code')", "getByLabel('Code from the mail')")}\n${check}`,
    ),
    '.env.auth-sessions': [
      `AUTOMATION__SHOP_ADMIN__USERNAME='${mailAccount.username}'`,
      `AUTOMATION__SHOP_ADMIN__PASSWORD='${mailAccount.password}'`,
      "AUTOMATION__MAILBOX__USERNAME='qa'",
      `AUTOMATION__MAILBOX__PASSWORD='${mailPassword}'`,
    ].join('\n'),
    'tests/mail.spec.ts': `
      import { expect, test } from '@auth';
      for (const name of ['imap', 'mailpit', 'code', 'link'])
        test.describe(name, () => {
          test.use({ authSession: name });
          test('is signed in', async ({ page }, testInfo) => {
            await page.goto('/');
            await expect(page.getByText('Signed in as')).toBeVisible();
            const text = await page.textContent('body');
            console.log(text);
            await testInfo.attach('page', { body: text ?? '' });
          });
        });`,
  };
}

const page = 'docs/mail-codes.md';
