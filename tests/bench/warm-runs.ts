/**
 * What a warm run costs, whose session is restored from the store, against the same tests without this package:
 *
 *   npm run bench -- [ROUNDS] [one|many]
 *
 * One test against the same test with a storage-state file; 60 short tests against a setup project and its 60 tests.
 * Runs take turns, so that a busy machine is busy for all; medians of processor time, of every process of a run.
 */
import { createConsultationsSite } from '../support/consultations/index.js';
import { browserUse, createNestedProject, keptCode, type NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';
import { childrenCpuMs, median } from './processor-time.js';

const rounds = Number(process.argv[2] ?? 5);
const manyTests = 60;
/** A user's run has no code that other nested runs kept. */
const asUsers = Object.fromEntries(Object.keys(keptCode).map((name) => [name, undefined]));

const tests = (of: string, use: string) => `import { expect, test } from '${of}';
  test.use({ ${use} });
  for (let number = 1; number <= Number(process.env.TESTS); number += 1)
    test(\`is signed in \${number}\`, async ({ page }) => {
      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    });`;

const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
const projects: NestedProject[] = [];
try {
  const ours = keep(
    await createSignedInProject({
      siteUrl: site.url,
      tests: { 'warm.spec.ts': tests('@auth', "authSession: 'admin'") },
      config: 'workers: 1,',
    }),
  );
  const bare = keep(await createBareProject());
  await ours.run([], { env: { ...asUsers, TESTS: '1' } }); // signs in
  await bare.run(['--project=setup'], { env: asUsers });
  const variants = {
    'one test, storage-state file': () => measure(bare, 1, ['--project=tests', '--no-deps']),
    'one test, warm': () => measure(ours, 1),
    'many tests, setup project': () => measure(bare, manyTests),
    'many tests, warm': () => measure(ours, manyTests),
  };
  const wanted = Object.entries(variants).filter(([name]) => name.includes(process.argv[3] ?? ''));
  const costs = new Map(wanted.map(([name]) => [name, { cpu: [] as number[], wall: [] as number[] }]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, run] of wanted) {
      const { cpuMs, wallMs } = await run();
      if (round === 0) continue; // fills caches
      costs.get(name)?.cpu.push(cpuMs);
      costs.get(name)?.wall.push(wallMs);
    }
  for (const [name, { cpu, wall }] of costs)
    console.log(
      `${name}: ${median(cpu)} ms of processor time, ${median(wall).toFixed(0)} ms (${cpu.join(' ')})`,
    );
  tell('one test: warm / storage-state file', 'one test, warm', 'one test, storage-state file');
  tell('many tests: warm / setup project', 'many tests, warm', 'many tests, setup project');

  function tell(what: string, one: string, other: string): void {
    if (!costs.has(one)) return;
    const [ownMs, otherMs] = [median(costs.get(one)?.cpu ?? []), median(costs.get(other)?.cpu ?? [])];
    const wall = median(costs.get(one)?.wall ?? []) / median(costs.get(other)?.wall ?? []);
    console.log(
      `${what}: ${(ownMs / otherMs).toFixed(3)} of processor time (${ownMs - otherMs} ms more), ${wall.toFixed(3)} of wall time`,
    );
  }
} finally {
  for (const project of projects) await project.remove();
  await site.close();
}

function keep(project: NestedProject): NestedProject {
  projects.push(project);
  return project;
}

/** The same suite as Playwright's documentation has it: a setup project signs in, and writes a file. */
async function createBareProject(): Promise<NestedProject> {
  const { email, password, totp } = quickAccounts.admin;
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      export default defineConfig({
        workers: 1, fullyParallel: true, reporter: [['list']],
        outputDir: 'reports/output/test-results',
        use: { baseURL: ${JSON.stringify(site.url)}, launchOptions: ${browserUse()} },
        projects: [
          { name: 'setup', testMatch: /auth\\.setup\\.ts/ },
          { name: 'tests', testMatch: /\\.spec\\.ts/, dependencies: ['setup'] },
        ],
      });`,
    'tests/warm.spec.ts': tests('@playwright/test', "storageState: 'state.json'"),
    'tests/auth.setup.ts': `
      import { test as setup } from '@playwright/test';
      import { createHmac } from 'node:crypto';
      const { secret, algorithm, digits, periodSeconds } = ${JSON.stringify(totp)};
      function code(): string {
        let bits = '';
        for (const letter of secret.replaceAll('=', '')) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
        const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
        const step = Buffer.alloc(8);
        step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / periodSeconds)));
        const mac = createHmac(algorithm, key).update(step).digest();
        const number = mac.readUInt32BE(mac[mac.length - 1]! & 15) & 0x7fffffff;
        return String(number % 10 ** digits).padStart(digits, '0');
      }
      setup('signs in', async ({ page }) => {
        await page.goto('/sign-in');
        await page.getByLabel('Email').fill(${JSON.stringify(email)});
        await page.getByLabel('Password').fill(${JSON.stringify(password)});
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByLabel('One-time code').fill(code());
        await page.getByRole('button', { name: 'Verify' }).click();
        await page.getByRole('button', { name: 'Sign out' }).waitFor();
        await page.context().storageState({ path: 'state.json' });
      });`,
  });
}

async function measure(
  project: NestedProject,
  count: number,
  args: readonly string[] = [],
): Promise<{ cpuMs: number; wallMs: number }> {
  const beforeMs = childrenCpuMs();
  const startMs = performance.now();
  const run = await project.run(args, { env: { ...asUsers, TESTS: String(count) } });
  if (run.exitCode !== 0) throw new Error(run.output);
  return { cpuMs: childrenCpuMs() - beforeMs, wallMs: performance.now() - startMs };
}
