import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import { withoutDeviceBinding } from '../../browser/device-binding.js';
import { createFlowBrowsers } from '../../browser/flow-browser.js';
import { withPageSettings } from '../../browser/page-settings.js';
import { asSentence } from '../../core/as-sentence.js';
import { AuthSessionsError } from '../../core/errors.js';
import { firstLine } from '../../core/first-line.js';
import type { FlowJob } from '../../core/ports.js';
import { contextOptionsOf, withContext } from '../../flow/flow-context.js';
import { within } from '../../time/within.js';

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
  const launchOptions = await withoutDeviceBinding(plan);
  const context = await playwright[plan.browserName]
    .launchPersistentContext(userDataDir, {
      ...launchOptions,
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
  return new AuthSessionsError('ERR_BROWSER_FAILED', {
    failed: `No browser started with the profile ${userDataDir}.`,
    known: asSentence(firstLine(error)),
    next: 'Close the browser that uses it, or choose another folder: Chrome does not allow automation of its default profile.',
  });
}

const closePatienceMs = 5000;
