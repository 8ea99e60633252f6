import type { APIRequestContext, BrowserContext, BrowserContextOptions } from '@playwright/test';
import type { FlowJob } from '../core/ports.js';
import type { StorageState } from '../core/storage-state.js';
import type { BrowserPlan } from './browser-plan.js';
import type { FlowBrowsers } from './flow-browser.js';
import { restoreSessionStorage } from './restore-session-storage.js';
import { within } from './within.js';

/** A page that hangs goes with its browser. */
const closePatienceMs = 5000;

export interface FlowPlaces {
  readonly browsers: FlowBrowsers;
  /** How a project's tests start their browser. */
  readonly planFor: (project: string | undefined) => BrowserPlan;
}

/** Lends a browser context as the session's tests have it, with the state to start from. */
export async function withContext<Result>(
  job: FlowJob,
  { browsers, planFor }: FlowPlaces,
  work: (context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const plan = planFor(job.place.project);
  return browsers.with(plan, async (browser) => {
    const context = await browser.newContext(contextOptionsOf(job, plan));
    try {
      if (job.from) await restoreSessionStorage(context, job.from.sessionStorage);
      return await work(context);
    } finally {
      await within(closePatienceMs, context.close());
    }
  });
}

/** Lends a request context of the same kind, for which no browser starts. */
export async function withRequest<Result>(
  job: FlowJob & { readonly from: StorageState },
  { planFor }: FlowPlaces,
  work: (request: APIRequestContext) => Promise<Result>,
): Promise<Result> {
  const options = contextOptionsOf(job, planFor(job.place.project));
  const { request } = await import('@playwright/test');
  const {
    baseURL,
    clientCertificates,
    extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    userAgent,
  } = options;
  const chosen = {
    baseURL,
    clientCertificates,
    extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    userAgent,
  };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const context = await request.newContext({ ...given, storageState: job.from.playwright });
  try {
    return await work(context);
  } finally {
    await context.dispose();
  }
}

/** What a context of the session is made with. */
export function contextOptionsOf(job: FlowJob, plan: BrowserPlan): BrowserContextOptions {
  const { session, from } = job;
  const baseURL = baseURLOf(job);
  return {
    ...plan.contextOptions,
    ...session.contextOptions,
    ...(session.proxy && { proxy: session.proxy }),
    ...(baseURL !== undefined && { baseURL }),
    ...(from && { storageState: from.playwright }),
  };
}

/** What relative addresses of a flow are relative to. */
export function baseURLOf({ session, place }: Pick<FlowJob, 'session' | 'place'>): string | undefined {
  return session.baseURL ?? place.baseURL;
}
