/**
 * What redaction and the leak check cost a traced suite, as a share of the time of the same suite without them:
 *
 *   node node_modules/jiti/lib/jiti-cli.mjs tests/bench/redaction-cost.ts [PAIRS]
 *
 * Pairs of runs in turns; the median of their ratios is told, of wall time and of processor time.
 */
import { createConsultationsSite } from '../support/consultations/index.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';
import { childrenCpuMs } from './process-tree.js';
import { median } from './statistics.js';

const pairs = Number(process.argv[2] ?? 5);

const suite = `import { expect, test } from '@auth';
  test.use({ authSession: 'admin' });
  for (let number = 1; number <= 12; number += 1)
    test(\`looks around \${number}\`, async ({ page }) => {
      for (let round = 0; round < 5; round += 1) {
        await page.goto('/');
        await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        await page.reload();
        await page.request.get('/api/me');
      }
    });`;

/** Puts back what withAuthSessions stands around, so that nothing is redacted and nothing is searched. */
const bareConfig = (config: string) => `
  import { chromium } from '@playwright/test';
  const connection = Object.getPrototypeOf((chromium as any)._connection);
  const { send } = process;
  const { sendMessageToServer } = connection;
  ${config.replace('export default', 'const config =')}
  if (process.env.BARE) {
    process.send = send;
    connection.sendMessageToServer = sendMessageToServer;
    config.reporter = (config.reporter as []).slice(1);
    delete process.env.PW_TEST_REPORTER;
  }
  export default config;`;

const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
const project = await createSignedInProject({
  siteUrl: site.url,
  tests: { 'look.spec.ts': suite },
  use: "trace: 'on',",
});
try {
  await project.write({ 'playwright.config.ts': bareConfig(await project.read('playwright.config.ts')) });
  await measure(false); // signs in, and fills every cache
  const ratios: { readonly wall: number; readonly cpu: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const bare = await measure(true);
    const whole = await measure(false);
    ratios.push({ wall: whole.wallMs / bare.wallMs, cpu: whole.cpuMs / bare.cpuMs });
    console.log(
      `pair ${pair + 1}: without ${bare.wallMs.toFixed(0)} ms (${bare.cpuMs} ms CPU), with ${whole.wallMs.toFixed(0)} ms (${whole.cpuMs} ms CPU)`,
    );
  }
  const ratio = (of: 'wall' | 'cpu') => median(ratios.map((one) => one[of])).toFixed(3);
  console.log(`median ratio: wall ${ratio('wall')}, CPU ${ratio('cpu')}`);
} finally {
  await project.remove();
  await site.close();
}

async function measure(isBare: boolean): Promise<{ wallMs: number; cpuMs: number }> {
  const startMs = performance.now();
  const before = childrenCpuMs();
  const run = await project.run(['--reporter=list'], { env: { BARE: isBare ? '1' : undefined } });
  if (!run.output.includes('12 passed')) throw new Error(run.output);
  return { wallMs: performance.now() - startMs, cpuMs: childrenCpuMs() - before };
}
