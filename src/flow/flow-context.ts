import type { APIRequestContext, BrowserContext, BrowserContextOptions } from '@playwright/test';
import { accessOptions, carryAccess } from '../browser/access-options.js';
import type { BrowserPlan } from '../browser/browser-plan.js';
import type { FlowBrowsers } from '../browser/flow-browser.js';
import { loadPlaywright } from '../browser/load-playwright.js';
import { withPageSettings } from '../browser/page-settings.js';
import { withExpectSettings } from '../browser/playwright-settings.js';
import { restoreStorage, type RestoredStorage } from '../browser/restore-storage.js';
import { sendHeaders } from '../browser/send-headers.js';
import type { FlowJob } from '../core/ports.js';
import { within } from '../time/within.js';

/** A hanging page is closed with its browser. */
const closePatienceMs = 5000;

export interface FlowBrowserOptions {
  readonly browsers: FlowBrowsers;
  /** How a project's tests start their browser. */
  readonly planFor: (project: string | undefined) => BrowserPlan;
}

/** Runs `work` with a browser context like that of the session's tests, starting from a state. */
export async function withContext<Result>(
  job: FlowJob,
  { browsers, planFor }: FlowBrowserOptions,
  work: (context: BrowserContext, restored: RestoredStorage | undefined) => Promise<Result>,
): Promise<Result> {
  const plan = planFor(job.place.project);
  return browsers.with(plan, async (browser) => {
    const context = await browser.newContext(contextOptionsOf(job, plan));
    try {
      const restored =
        job.from &&
        (await restoreStorage(context, { localStorage: [], sessionStorage: job.from.sessionStorage }));
      carryAccess(context, job.from?.access);
      await sendHeaders(context, job.from?.headers);
      return await withPageSettings(context, plan.pageSettings, () => work(context, restored));
    } finally {
      await within(closePatienceMs, context.close());
    }
  });
}

/** Does the same with a request context, without starting a browser. */
export async function withRequest<Result>(
  job: FlowJob,
  { planFor }: FlowBrowserOptions,
  work: (request: APIRequestContext) => Promise<Result>,
): Promise<Result> {
  const plan = planFor(job.place.project);
  const options = contextOptionsOf(job, plan);
  const { request } = loadPlaywright();
  const given = Object.fromEntries(
    requestOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const { actionTimeout, expect } = plan.pageSettings;
  const limit = actionTimeout === undefined ? {} : { timeout: actionTimeout };
  const from = job.from && { storageState: job.from.playwright };
  const context = await request.newContext({ ...given, ...limit, ...from });
  try {
    await sendHeaders(context, job.from?.headers);
    return await withExpectSettings(expect, () => work(context));
  } finally {
    await context.dispose();
  }
}

/** Options of the session's contexts. */
export function contextOptionsOf(job: FlowJob, plan: BrowserPlan): BrowserContextOptions {
  const { session, from } = job;
  const baseURL = baseURLOf(job);
  return {
    ...withoutRecords({ ...plan.contextOptions, ...session.contextOptions }),
    ...(session.proxy && { proxy: session.proxy }),
    ...accessOptions(from?.access),
    ...(baseURL !== undefined && { baseURL }),
    ...(from && { storageState: from.playwright }),
  };
}

/** Recordings of a sign-in's requests or pictures would contain its secrets. Its state comes from the flow. */
function withoutRecords(options: BrowserContextOptions): BrowserContextOptions {
  const kept = Object.entries(options).filter(([name]) => !recordNames.has(name));
  return Object.fromEntries(kept);
}

const recordNames: ReadonlySet<string> = new Set([
  'recordHar',
  'recordVideo',
  'videosPath',
  'videoSize',
  'storageState',
]);

/** The base URL of a flow. */
export function baseURLOf({ session, place }: Pick<FlowJob, 'session' | 'place'>): string | undefined {
  return session.baseURL ?? place.baseURL;
}

/** Options that browser contexts and request contexts share. */
const requestOptions = [
  'baseURL',
  'clientCertificates',
  'extraHTTPHeaders',
  'httpCredentials',
  'ignoreHTTPSErrors',
  'proxy',
  'userAgent',
] as const;
