import { createServer, type Server } from 'node:http';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import { createFlowBrowsers } from '../../src/browser/flow-browser.js';
import { withPageSettings, type PageSettings } from '../../src/browser/page-settings.js';
import { openPlaywrightTools } from '../../src/cli/mcp/playwright-tools.js';
import { toolTimeoutsOf } from '../../src/cli/mcp/tool-timeouts.js';
import { startRecorder } from '../../src/cli/recording/playwright-recorder.js';
import type { AuthFlow } from '../../src/core/auth-flow.js';
import { createFlowRunner } from '../../src/flow/flow-runner.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { systemClock } from '../../src/time/system-clock.js';
import { declareSession, stateOf } from '../support/declared-session.js';
import { withoutColours } from '../support/nested-run.js';
import { listen } from '../support/listen.js';

test.describe.configure({ timeout: 300_000 });

const markup = `
  <main data-qa="form" data-e2e="panel"><button data-qa="go" data-e2e="start" data-testid="usual">Go</button></main>
  <iframe data-qa="frame" data-e2e="box" srcdoc='<b data-qa="deep" data-e2e="low">x</b>'></iframe>`;

test('two contexts of one process have each their own attribute, however a test ID is asked for', async ({
  browser,
}) => {
  const [one, other, third] = await Promise.all([
    browser.newContext(),
    browser.newContext(),
    browser.newContext(),
  ]);
  const seen = await withPageSettings(one, { testIdAttribute: 'data-qa' }, async () =>
    withPageSettings(other, { testIdAttribute: 'data-e2e' }, async () => {
      const pages = await Promise.all([pageOf(one), pageOf(other), pageOf(third)]);
      return Promise.all([
        counts(pages[0], { form: 'form', go: 'go', frame: 'frame', deep: 'deep' }),
        counts(pages[1], { form: 'panel', go: 'start', frame: 'box', deep: 'low' }),
        pages[0].getByTestId('panel').count(),
        pages[2].getByTestId('usual').count(),
        pages[2].getByTestId('go').count(),
      ]);
    }),
  );
  expect(seen).toEqual([ones, ones, 0, 1, 0]);
  await Promise.all([one, other, third].map((context) => context.close()));
});

test('an attribute of several names is taken as Playwright takes it', async ({ context }) => {
  const page = await pageOf(context);
  await withPageSettings(context, { testIdAttribute: 'data-none,data-qa' }, async () => {
    expect(await page.getByTestId('go').count()).toBe(1);
  });
});

test('a recorder names elements by the attribute of its context', async ({ browser }) => {
  const [context, usual] = await Promise.all([browser.newContext(), browser.newContext()]);
  const record = (one: BrowserContext, settings: PageSettings) =>
    withPageSettings(one, settings, async () => {
      const recorder = await startRecorder(one);
      const page = await one.newPage();
      await page.setContent('<button data-qa="go" data-testid="usual"></button>');
      await page.locator('button').click();
      await expect.poll(() => recorder.steps().map(({ code }) => code)).toHaveLength(1);
      const [step] = recorder.steps();
      await recorder.stop();
      return step?.code.trim();
    });
  expect(await record(context, { testIdAttribute: 'data-qa' })).toBe("await page.getByTestId('go').click();");
  expect(await record(usual, {})).toBe("await page.getByTestId('usual').click();");
  await Promise.all([context.close(), usual.close()]);
});

test('actions and navigations have the limits that the project gives them', async ({ browser }) => {
  const silent = await silentServer();
  const errors = async (settings: PageSettings, options: object = {}) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const found = await withPageSettings(context, settings, () =>
      Promise.all([errorOf(page.getByText('none').click()), errorOf(page.goto(silent.url, options))]),
    );
    await context.close();
    return found;
  };
  expect(await errors({ actionTimeout: 310, navigationTimeout: 320 })).toEqual([
    'locator.click: Timeout 310ms exceeded.',
    'page.goto: Timeout 320ms exceeded.',
  ]);
  // One alone leaves the other as it is without a project's word.
  const limit = (context: BrowserContext) =>
    (
      Reflect.get(context, '_timeoutSettings') as { _navigationTimeout(options: object): number }
    )._navigationTimeout({});
  const context = await browser.newContext();
  await withPageSettings(context, { actionTimeout: 310 }, () => Promise.resolve());
  expect(limit(context)).toBe(30_000);
  await context.close();
  await silent.close();
});

test("an agent's tools have the limits of the project, and their own where it has none", async ({
  context,
}) => {
  const silent = await silentServer();
  const timeouts = toolTimeoutsOf({ actionTimeout: 0, navigationTimeout: 330, expect: { timeout: 5 } });
  expect(timeouts).toEqual({ navigation: 330, expect: 5 });
  const tools = await openPlaywrightTools(() => Promise.resolve(context), { timeouts });
  const { content } = await tools.call('browser_navigate', { url: silent.url });
  expect(content.map(({ text }) => text).join('\n')).toContain('Timeout 330ms exceeded');
  await tools.close();
  await silent.close();
});

test('sign-ins and checks of two projects run at once, each with its own settings', async () => {
  const site = await testIdSite();
  const { executablePath } = test.info().project.use.launchOptions ?? {};
  const planOf = (pageSettings: PageSettings): BrowserPlan => ({
    browserName: 'chromium',
    launchOptions: { ...(executablePath !== undefined && { executablePath }) },
    connectOptions: undefined,
    contextOptions: {},
    pageSettings,
  });
  const plans: Readonly<Record<string, BrowserPlan>> = {
    qa: planOf({ testIdAttribute: 'data-qa', expect: { timeout: 410, toPass: { timeout: 420 } } }),
    e2e: planOf({ testIdAttribute: 'data-e2e', expect: { timeout: 510, toPass: { timeout: 520 } } }),
  };
  const browsers = createFlowBrowsers();
  const flows = createFlowRunner({
    browsers,
    planFor: (name) => plans[name ?? ''] ?? planOf({}),
    redactor: createRedactor(),
    clock: systemClock,
    debugging: false,
  });
  const limits: Record<string, string[]> = {};
  const bothAreHere = barrier(2);
  const jobOf = (project: string) => {
    const note = async (work: Promise<unknown>) => (limits[project] ??= []).push(await errorOf(work));
    const flow: AuthFlow<string> = {
      async create({ page }) {
        await page.goto('/');
        await bothAreHere();
        await page.getByTestId('go').click();
        await note(expect(page.getByText('none')).toBeVisible());
        await note(expect(() => expect(1).toBe(2)).toPass());
        await expect(page.getByTestId('go')).toHaveText('Signed in');
      },
      async check({ request }) {
        await note(expect.poll(() => request.storageState()).toBe(1));
        return true;
      },
    };
    const session = declareSession({ name: project, flow, baseURL: site.url });
    const signal = new AbortController().signal;
    return { session, place: { baseURL: site.url, project }, signal };
  };
  const secrets = { values: {}, nextCode: () => Promise.reject(new Error('none')) };
  await Promise.all(['qa', 'e2e'].map((project) => flows.create({ ...jobOf(project), ...secrets })));
  await Promise.all(['qa', 'e2e'].map((project) => flows.check({ ...jobOf(project), from: stateOf('1') })));
  await browsers.close();
  await site.close();
  const of = (timeout: number, toPass: number) => [
    expect.stringContaining(`Timeout: ${timeout}ms`),
    expect.stringContaining(`Timeout ${toPass}ms exceeded`),
    // The check of a request.
    expect.stringContaining(`Timeout ${timeout}ms exceeded`),
  ];
  expect(limits.qa?.slice(0, 2)).toEqual(of(410, 420).slice(0, 2));
  expect(limits.e2e?.slice(0, 2)).toEqual(of(510, 520).slice(0, 2));
  expect([limits.qa?.at(-1), limits.e2e?.at(-1)]).toEqual([of(410, 420)[2], of(510, 520)[2]]);
});

test('an expectation outside of flows keeps its own limit', async ({ context, page }) => {
  await withPageSettings(context, { expect: { timeout: 50 } }, () => Promise.resolve());
  await page.setContent('<script>setTimeout(() => (document.body.textContent = "late"), 400)</script>');
  await expect(page.getByText('late')).toBeVisible();
});

const ones = { form: 1, go: 1, frame: 1, deep: 1, has: 1, pattern: 1 };

async function counts(
  page: Page,
  ids: { form: string; go: string; frame: string; deep: string },
): Promise<object> {
  const frame = page.getByTestId(ids.frame).contentFrame();
  await frame.getByTestId(ids.deep).waitFor();
  const inner = page.frames()[1];
  return {
    form: await page.mainFrame().getByTestId(ids.form).count(),
    go: await page.getByTestId(ids.form).getByTestId(ids.go).count(),
    frame: await page.getByTestId(ids.frame).count(),
    deep: await inner?.getByTestId(ids.deep).count(),
    has: await page
      .locator('main')
      .filter({ has: page.getByTestId(ids.go) })
      .count(),
    pattern: await page.getByTestId(new RegExp(`^${ids.go}$`)).count(),
  };
}

async function pageOf(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setContent(markup);
  return page;
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) =>
      withoutColours(error instanceof Error ? error.message : '').replace(/\nCall log:[^]*/, ''),
  );
}

function barrier(count: number): () => Promise<void> {
  let left = count;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    left -= 1;
    if (left === 0) open();
    return opened;
  };
}

interface Site {
  readonly url: string;
  close(): Promise<void>;
}

function testIdSite(): Promise<Site> {
  const page = `<button data-qa="go" data-e2e="other" onclick="this.textContent = 'Signed in'">Go</button>
    <button data-e2e="go" data-qa="other" onclick="this.textContent = 'Signed in'">Go</button>`;
  return serve(createServer((_, response) => response.setHeader('content-type', 'text/html').end(page)));
}

/** Takes requests, and answers none. */
function silentServer(): Promise<Site> {
  return serve(createServer());
}

async function serve(server: Server): Promise<Site> {
  const { url, close } = await listen(server);
  return {
    url,
    close,
  };
}
