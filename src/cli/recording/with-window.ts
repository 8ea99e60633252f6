import type { BrowserContext } from '@playwright/test';
import { createFlowBrowsers } from '../../browser/flow-browser.js';
import { contextOptionsOf, withContext } from '../../flow/flow-context.js';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import { withPageSettings } from '../../browser/page-settings.js';
import { within } from '../../time/within.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { FlowJob } from '../../core/ports.js';

export interface WindowOptions {
  readonly plan: BrowserPlan;
  /** A browser profile to use and keep. [a new one, which is removed] */
  readonly userDataDir?: string | undefined;
}

/** Runs `work` with a browser window configured like the session's tests, and closes it. */
export async function withWindow<Result>(
  job: FlowJob,
  { plan, userDataDir }: WindowOptions,
  work: (context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  if (userDataDir !== undefined) return withProfile(job, { plan, userDataDir }, work);
  const browsers = createFlowBrowsers();
  try {
    return await withContext(job, { browsers, planFor: () => plan }, work);
  } finally {
    await browsers.close();
  }
}

async function withProfile<Result>(
  job: FlowJob,
  { plan, userDataDir }: Required<WindowOptions> & { readonly userDataDir: string },
  work: (context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const playwright = await import('@playwright/test');
  const context = await playwright[plan.browserName]
    .launchPersistentContext(userDataDir, {
      ...plan.launchOptions,
      ...contextOptionsOf(job, plan),
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    .catch((error: unknown) => {
      throw profileUnusable(userDataDir, error);
    });
  try {
    return await withPageSettings(context, plan.pageSettings, () => work(context));
  } finally {
    await within(closePatienceMs, context.close());
  }
}

function profileUnusable(userDataDir: string, error: unknown): AuthSessionsError {
  const known = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '').trim() : '';
  return new AuthSessionsError('ERR_BROWSER_FAILED', {
    failed: `No browser started with the profile ${userDataDir}.`,
    known: known === '' || /[.!?]$/.test(known) ? known : `${known}.`,
    next: 'Close the browser that uses it, or choose another folder: Chrome does not allow automation of its default profile.',
  });
}

const closePatienceMs = 5000;
