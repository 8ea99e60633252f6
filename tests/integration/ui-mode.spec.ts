import { expect, test } from '@playwright/test';
import { createConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

test.describe.configure({ timeout: 300_000 });

test('in UI mode, two runs of one broker sign in once', async ({ page }) => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': `${whoAmITests('admin', 2, { pages: 2 })}
        import { appendFileSync } from 'node:fs';
        test.afterEach(() => appendFileSync('ran.txt', '.'));`,
    },
  });
  const run = project.start(['--ui-host=127.0.0.1', '--ui-port=0']);
  try {
    await run.waitFor(/Listening on http/);
    const url = /Listening on (http\S+)/.exec(run.output())?.[1] ?? '';
    await page.goto(url);
    for (const testsSoFar of [2, 4]) {
      await page.getByRole('button', { name: 'Run all' }).click();
      await expect.poll(() => countOf(project, 'ran.txt'), { timeout: 60_000 }).toBe(testsSoFar);
      await expect(page.getByTestId('status-line')).toContainText('2 passed');
    }
    expect(site.signIns(quickAccounts.admin.email)).toBe(1);
  } finally {
    run.process.kill('SIGINT');
    await run.ended;
    await project.remove();
    await site.close();
  }
});

async function countOf(project: NestedProject, file: string): Promise<number> {
  return project.read(file).then(
    (text) => text.length,
    () => 0,
  );
}

test('an editor that sets up again has a broker for every run, and a leak check for every teardown', async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': `import { writeFileSync } from 'node:fs'; import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('is signed in', async ({ context, credentials }) => {
          expect((await context.cookies()).length).toBeGreaterThan(0);
          writeFileSync('reports/output/left.txt', [...(await credentials('admin')).password].join(''));
        });`,
    },
    files: {
      // What an editor does, by the class that it asks over its socket.
      'editor.mjs': `
        import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        const playwright = createRequire(require.resolve('@playwright/test/package.json'));
        const { testRunner } = playwright(playwright.resolve('playwright/package.json').replace('package.json', 'lib/runner'));
        const runner = new testRunner.TestRunner({ configDir: process.cwd(), resolvedConfigFile: process.cwd() + '/playwright.config.ts' }, {});
        await runner.initialize({});
        for (let setup = 1; setup <= 2; setup += 1) {
          await runner.runGlobalSetup([]);
          for (let run = 1; run <= 2; run += 1)
            console.log('setup', setup, 'run', run, (await runner.runTests({}, {})).status);
          await runner.runGlobalTeardown();
        }`,
    },
  });
  try {
    const { stdout, stderr } = await project.run([], { script: 'editor.mjs' });
    expect(stdout.match(/setup \d run \d passed/g)).toHaveLength(4);
    expect(stderr.match(/because it leaked secrets/g)).toHaveLength(2);
  } finally {
    await project.remove();
    await site.close();
  }
});
