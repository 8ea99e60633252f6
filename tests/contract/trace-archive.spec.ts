import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { redactFile } from '../../src/artifacts/redact-file.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';

/** A trace as Playwright writes it: when its shape changes, these fail. */
const password = `Ada "keeps" <every> & key's 100%\\ + café`;
const code = '482915';
const token = Array.from({ length: 40 }, (_, index) => `part${index}`).join('-');
const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
const run = promisify(execFile);

test.use({ trace: 'off' });

test('a real trace is clean after it was redacted, and opens in the command line and in the viewer', async ({
  browser,
  page,
}, testInfo) => {
  await using site = await startSite();
  const context = await browser.newContext();
  await context.tracing.start({ snapshots: true, screenshots: true });
  const traced = await context.newPage();
  await traced.goto(site.url);
  await traced.getByLabel('Password').fill(password);
  await traced.getByLabel('Code').fill(code);
  await traced.getByRole('button').click();
  await traced.waitForURL('**/signed-in');
  await traced.request.post(`${site.url}/signed-in`, {
    data: { password, code: Number(code) },
    headers: { authorization: 'Bearer never-known-token' },
  });
  // The console shortens long values in objects: the middle is missing.
  await traced.evaluate((value) => console.log({ value }), token);
  const file = testInfo.outputPath('trace.zip');
  await context.tracing.stop({ path: file });
  await context.close();

  const redactor = createRedactor();
  redactor.add(new SecretValue(password, 'admin.password'));
  redactor.add(new SecretValue(code, 'admin.code', { kind: 'code' }));
  redactor.add(new SecretValue(token, 'admin.token'));
  const everything = createRedactor(); // what is redacted by its place is looked for by its value
  for (const secret of redactor.secrets()) everything.add(secret);
  everything.add(new SecretValue('never-known-token', 'token'));
  everything.add(new SecretValue(token.slice(-20), 'the end of a token'));
  everything.add(new SecretValue('never-known-cookie', 'cookie'));
  const leaks = async () => {
    let count = 0;
    for await (const finding of findLeaks({ roots: [file], redactor: everything }))
      count += finding.kind === 'leak' ? finding.count : 1;
    return count;
  };
  expect(await leaks()).toBeGreaterThan(10);
  expect(redactFile(file, redactor)).toBe(true);
  expect(await leaks()).toBe(0);
  expect(redactFile(file, redactor)).toBe(false);

  const cwd = testInfo.outputDir;
  await run(process.execPath, [cli, 'trace', 'open', file], { cwd });
  const { stdout } = await run(process.execPath, [cli, 'trace', 'actions'], { cwd });
  expect(stdout).toContain('Fill "[redacted:admin.password]"');
  expect(stdout).toContain('Fill "[redacted:admin.code]"');

  await using viewer = await startViewer(file);
  await page.goto(viewer.url);
  await expect(page.getByText('Fill "[redacted:admin.password]"').first()).toBeVisible();
});

async function startSite() {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/html');
    response.setHeader('set-cookie', 'sid=never-known-cookie; HttpOnly; Path=/');
    response.end(
      request.url === '/signed-in'
        ? '<p>Welcome</p>'
        : `<form method="post" action="/signed-in">
             <label>Password <input name="password" type="password"></label>
             <label>Code <input name="code"></label><button>Sign in</button>
           </form>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startViewer(file: string) {
  const viewer = spawn(process.execPath, [cli, 'show-trace', '--port', '0', '--host', '127.0.0.1', file]);
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      const [found] = /http:\/\/\S+/.exec(output) ?? [];
      if (found) resolve(found);
    };
    viewer.stdout.on('data', hear);
    viewer.stderr.on('data', hear);
    viewer.once('exit', () => reject(new Error(`the viewer ended: ${output}`)));
  });
  return {
    url,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        viewer.once('exit', () => resolve());
        viewer.kill();
      }),
  };
}
