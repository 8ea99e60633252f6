import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { startAgent } from '../support/agent.js';
import { makeReachable, startByHand, type ByHand } from '../support/by-hand.js';
import { runCommand } from '../support/command-line.js';
import { startDisplay, whyNoDisplay, type Display } from '../support/display.js';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let server: Server;
let project: NestedProject;

test.beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const isWorker = url === '/worker.js';
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html').end(isWorker ? '' : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  project = await createNestedProject(files(`http://127.0.0.1:${port}`));
  await makeReachable(project, '--marked-by-flow-settings');
});

test.afterAll(async () => {
  await project.remove();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a flow runs under the settings of the project that needs it', async () => {
  const { output, exitCode } = await project.run();
  expect(output).toContain('2 passed');
  expect(exitCode).toBe(0);
});

test('commands run a flow under the same settings', async () => {
  const [created, checked] = [
    await runCommand(['create', 'qa-user'], { folder: project.folder }),
    await runCommand(['check', 'qa-user'], { folder: project.folder }),
  ];
  expect(created.stdout).toMatch(/✓ {2}qa-user {2}restored/);
  expect(checked.stdout).toContain('✓ qa-user signed in');
  const renewed = await runCommand(['renew', 'qa-user'], { folder: project.folder });
  expect(renewed.stdout + renewed.stderr).toMatch(/✓ {2}qa-user {2}renewed/);
});

test.describe('a window', () => {
  const missing = whyNoDisplay();
  test.skip(missing !== undefined, missing);
  let display: Display;
  const show = (...args: string[]): Promise<ByHand> =>
    startByHand([...args, '--project', 'e2e'], { project, display, env: { PWTEST_UNDER_TEST: '1' } });

  test.beforeAll(async () => {
    display = await startDisplay();
    // By a browser without a window, which would have the port.
    await runCommand(['create', 'shown', '--project', 'e2e'], { folder: project.folder });
  });
  test.afterAll(() => display.close());

  test("open's window blocks service workers as the project does", async () => {
    const { command, person } = await show('open', 'shown');
    const shown = await person.page(/\/e2e$/);
    await expect(shown.getByText('0 service workers')).toBeVisible();
    await person.closeWindow();
    expect(await command.ended).toMatchObject({ exitCode: 0 });
    await person.leave();
  });

  test("codegen's window offers locators by the project's attribute", async () => {
    const { command, person } = await show('codegen', 'shown');
    const shown = await person.page(/\/e2e$/);
    await expect
      .poll(
        async () => {
          await shown.mouse.move(0, 0);
          await shown.getByRole('button', { name: 'Other' }).hover();
          return shown.evaluate(offeredLocator);
        },
        { timeout: 60_000 },
      )
      .toBe("getByTestId('go')");
    await person.closeWindow();
    expect(await command.ended).toMatchObject({ exitCode: 0 });
    await person.leave();
  });

  test("record-flow writes locators by the project's attribute", async () => {
    const { command, person } = await show('record-flow', 'guest');
    const shown = await person.page(/\/e2e$/);
    await shown.getByRole('textbox').click();
    await shown.keyboard.type('somebody');
    await shown.getByRole('button', { name: 'Other' }).click();
    await expect.poll(() => shown.evaluate(() => document.cookie)).toContain('by=e2e');
    command.type('');
    expect(await command.ended).toMatchObject({ exitCode: 0 });
    await person.leave();
    const flow = await project.read('auth-flows/guest.ts');
    expect(flow).toMatch(/getByTestId\('who'\)\.fill\(/);
    expect(flow).toContain("getByTestId('go').click()");
  });
});

// What it reads has no code and what it names no selector, so the attribute of test ids is nowhere to be seen.
test('the browser of an agent blocks service workers as the project does', async () => {
  const agent = await startAgent(['mcp', 'e2e-user'], project.folder);
  try {
    await agent.call('browser_navigate', { url: '' });
    await expect.poll(() => agent.call('browser_snapshot')).toContain('0 service workers');
  } finally {
    await agent.client.close();
  }
});

/** What the code generator shows beside the element under the mouse. */
function offeredLocator(): string | undefined {
  const glass = document.querySelector('x-pw-glass');
  return glass?.shadowRoot?.querySelector('x-pw-tooltip-line')?.textContent ?? undefined;
}

/** Each attribute names the other's button by the same word. */
const page = `<main>
  <button data-qa="go" data-e2e="wrong" onclick="signIn('qa')">One</button>
  <button data-e2e="go" data-qa="wrong" onclick="signIn('e2e')">Other</button>
  <input data-e2e="who" data-qa="nobody" aria-label="Name" />
  <output></output>
  <script>
    const signIn = (by) => (document.cookie = 'by=' + by);
    const { serviceWorker } = navigator;
    serviceWorker
      .register('/worker.js')
      .catch(() => undefined)
      .then(() => serviceWorker.getRegistrations())
      .then(({ length }) => (document.querySelector('output').value = length + ' service workers'));
  </script>
</main>`;

function files(baseURL: string): Record<string, string> {
  const session = (name: string) => `'${name}-user': { flow: './flow.ts', baseURL: '${baseURL}/${name}',
    parameters: { username: 'op://automation/${name}/username', password: 'op://automation/${name}/password' } },`;
  return {
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 2, fullyParallel: true, reporter: [['list']],
        expect: { timeout: 610 },
        use: { launchOptions: ${browserUse()}, serviceWorkers: 'block', actionTimeout: 710 },
        projects: [
          { name: 'qa', use: { testIdAttribute: 'data-qa', baseURL: '${baseURL}/qa', authSession: 'qa-user' } },
          {
            name: 'e2e',
            expect: { timeout: 620 },
            use: { testIdAttribute: 'data-e2e', baseURL: '${baseURL}/e2e', authSession: 'e2e-user', actionTimeout: 720, navigationTimeout: 20_000 },
          },
        ],
      }));`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ environment: 'local', sessions: { ${session('qa')} ${session('e2e')}
        shown: { flow: './unchecked.ts', parameters: {} } } });`,
    'unchecked.ts': `
      import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        parameters: [],
        async create({ page }) {
          await page.goto('');
          await page.getByTestId('go').click();
        },
      });`,
    'flow.ts': `
      import { expect } from '@playwright/test';
      import { defineAuthFlow } from '@auth';
      const limitOf = (work: Promise<unknown>) =>
        work.then(() => 'none', (error: Error) => /Timeout:? +(\\d+)ms/.exec(error.message)?.[1] ?? error.message);
      const look = async (page) => ({
        expected: await limitOf(expect(page.getByText('Nobody')).toBeVisible()),
        acted: await limitOf(page.getByText('Nobody').click()),
        workers: await page.evaluate(async () => {
          await navigator.serviceWorker.register('/worker.js').catch(() => undefined);
          return (await navigator.serviceWorker.getRegistrations()).length;
        }),
      });
      export default defineAuthFlow({
        async create({ page }) {
          await page.goto('');
          await page.getByTestId('go').click();
          const seen = await look(page);
          await page.evaluate((text) => localStorage.setItem('seen', text), JSON.stringify(seen));
        },
        async check({ page }) {
          await page.goto('');
          await page.getByTestId('go').waitFor();
          const { expected, acted } = await look(page);
          const seen = JSON.parse(await page.evaluate(() => localStorage.getItem('seen')));
          return seen.expected === expected && seen.acted === acted;
        },
      });`,
    'tests/settings.spec.ts': `
      import { expect, test } from '@auth';
      test('is signed in by the button of the attribute of its project', async ({ page, context }) => {
        const name = test.info().project.name;
        await page.goto('');
        expect((await context.cookies()).find((one) => one.name === 'by')?.value).toBe(name);
        const seen = JSON.parse(await page.evaluate(() => localStorage.getItem('seen')));
        expect(seen.expected).toBe(name === 'qa' ? '610' : '620');
        expect(seen.acted).toBe(name === 'qa' ? '710' : '720');
        expect(seen.workers).toBe(0);
      });`,
    '.env.auth-sessions': ['QA', 'E2E']
      .flatMap((name) => [
        `AUTOMATION__${name}__USERNAME='${name.toLowerCase()}@settings.example'`,
        `AUTOMATION__${name}__PASSWORD='Pa55-${name}-word'`,
      ])
      .join('\n'),
  };
}
