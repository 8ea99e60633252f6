import path from 'node:path';
import { expect } from '@playwright/test';
import { run } from '../run/command.mjs';
import { ensureNode } from '../support/package/ensure-node.js';
import { expectSignedIn } from '../support/package/expect-project.js';
import { newestPackages, oldestPackages, test } from '../support/package/install-test.js';

for (const version of ['20.19.0', '22', '24', '26']) {
  test(`Node ${version}, an ESM project, the newest Playwright`, async ({ install }) => {
    const node = await ensureNode(version);
    const project = await install({ manager: 'npm', type: 'module', packages: newestPackages, node });
    await expectSignedIn(project);
  });

  test(`Node ${version}, a CommonJS project, Playwright 1.62`, async ({ install }) => {
    const node = await ensureNode(version);
    const project = await install({ manager: 'npm', type: 'commonjs', packages: oldestPackages, node });
    await expectSignedIn(project);
  });
}

test('pnpm, a CommonJS project', async ({ install }) => {
  await expectSignedIn(await install({ manager: 'pnpm', type: 'commonjs', packages: newestPackages }));
});

test('Yarn, an ESM project', async ({ install }) => {
  await expectSignedIn(await install({ manager: 'yarn', type: 'module', packages: newestPackages }));
});

test('a Node that is too old is reported as such, not as a missing name', async ({ install }) => {
  const { folder } = await install({ manager: 'npm', type: 'module', packages: newestPackages });
  const main = path.join(folder, 'node_modules/playwright-auth-sessions/dist/src/cli/main.js');
  const { code, output } = await run(await ensureNode('18'), [main, 'doctor'], { cwd: folder, quiet: true });
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringMatching(
      /^✗ Node 18\.\S+ is too old\.\n.*\n {2}Install Node 20\.19\.0 or later\.\n$/,
    ),
  });
});
