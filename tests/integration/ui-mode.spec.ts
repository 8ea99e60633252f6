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
      'admin.spec.ts': `${whoAmITests('admin', 2)}
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
