import type { BrowserPlan } from '../browser/browser-plan.js';
import { withoutTimeLimits } from '../browser/page-settings.js';
import type { BrokerServiceOptions } from './broker-options.js';

/** The browser settings of a Playwright project for its flows, without time limits while a person debugs. */
export function choosePlan(
  project: string | undefined,
  { plans, debugging = false }: Pick<BrokerServiceOptions, 'plans' | 'debugging'>,
): BrowserPlan {
  const plan = plans[project ?? ''] ?? Object.values(plans)[0] ?? defaultPlan;
  return debugging ? { ...plan, pageSettings: withoutTimeLimits(plan.pageSettings) } : plan;
}

const defaultPlan: BrowserPlan = {
  browserName: 'chromium',
  launchOptions: {},
  connectOptions: undefined,
  contextOptions: {},
  pageSettings: {},
};
