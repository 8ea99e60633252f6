import type { PageSettings } from '../../browser/page-settings.js';

/**
 * A project's time limits for the tools of Playwright's server, in milliseconds. Without one, or with none, the tools
 * keep their own: an agent must not wait forever.
 */
export function toolTimeoutsOf(settings: PageSettings): Readonly<Record<string, number>> {
  const { actionTimeout: action, navigationTimeout: navigation } = settings;
  const limits = Object.entries({ action, navigation, expect: settings.expect?.timeout });
  return Object.fromEntries(limits.filter((one): one is [string, number] => Boolean(one[1])));
}
