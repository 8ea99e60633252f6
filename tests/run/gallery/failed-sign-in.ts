import path from 'node:path';
import { createConsultationsSite } from '../../support/consultations/index.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../../support/signed-in-project.js';
import type { Camera } from './photograph.js';
import { serving } from './photograph.js';

/** A run with a wrong password: what the terminal, the HTML report and the page of the sessions show. */
export async function photographFailedSignIn(camera: Camera): Promise<void> {
  const accounts = { ...quickAccounts, admin: { ...quickAccounts.admin, password: 'a wrong password' } };
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    accounts,
    tests: { 'orders.spec.ts': whoAmITests('admin', 2, { pages: 1 }) },
    config: "reporter: [['list'], ['html', { open: 'never', outputFolder: 'html' }]],",
  });
  try {
    const run = await project.run([], { env: { FORCE_COLOR: '1' } });
    if (run.exitCode !== 1) throw new Error(`The sign-in did not fail:\n${run.output}`);
    await camera.terminal(
      'failed-sign-in',
      `$ npx playwright test\n${run.output.replaceAll(project.folder, '~/shop')}`,
    );
    await serving(path.join(project.folder, 'html'), (url) =>
      camera.page('failed-sign-in-html-report', url, {
        viewport: { width: 1000, height: 1100 },
        prepare: async (page) =>
          page
            .getByRole('link', { name: /is admin 1/ })
            .first()
            .click(),
      }),
    );
  } finally {
    await project.remove();
    await site.close();
  }
}
