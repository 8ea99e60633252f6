import type { PageSettings } from '../../browser/page-settings.js';

/**
 * A project's time limits, for the tools of Playwright's server, in milliseconds. Where it has none, or says that there
 * is none, the tools keep their own: an agent must not wait for ever.
 */
export function toolTimeoutsOf(settings: PageSettings): Readonly<Record<string, number>> {
  const { actionTimeout: action, navigationTimeout: navigation } = settings;
  const limits = Object.entries({ action, navigation, expect: settings.expect?.timeout });
  return Object.fromEntries(limits.filter((one): one is [string, number] => Boolean(one[1])));
}
