import type { BrowserContext } from '@playwright/test';
import { setTestIdAttributeOf, withExpectSettings, type ExpectSettings } from './playwright-settings.js';

/** A project's settings for pages that are not context options. */
export interface PageSettings {
  readonly testIdAttribute?: string;
  /** In milliseconds; 0 is no limit. */
  readonly actionTimeout?: number;
  /** In milliseconds; 0 is no limit. */
  readonly navigationTimeout?: number;
  readonly expect?: ExpectSettings;
}

/** Reads them from a project's `use` and `expect`, so that they can be sent to another process. */
export function pageSettingsOf(
  { testIdAttribute, actionTimeout, navigationTimeout }: Readonly<Record<string, unknown>>,
  { timeout, toPass }: ExpectSettings = {},
): PageSettings {
  const expect = { ...(timeout !== undefined && { timeout }), ...(toPass && { toPass }) };
  return {
    ...(typeof testIdAttribute === 'string' && testIdAttribute !== '' && { testIdAttribute }),
    ...(typeof actionTimeout === 'number' && { actionTimeout }),
    ...(typeof navigationTimeout === 'number' && { navigationTimeout }),
    ...(Object.keys(expect).length > 0 && { expect }),
  };
}

/** The settings without time limits, which are off while a person debugs. */
export function withoutTimeLimits(settings: PageSettings): PageSettings {
  return { ...settings, actionTimeout: 0, navigationTimeout: 0 };
}

/**
 * Applies a project's settings to a context and to assertions meanwhile, independently of other contexts in this
 * process.
 */
export async function withPageSettings<Result>(
  context: BrowserContext,
  settings: PageSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const { testIdAttribute, actionTimeout, navigationTimeout } = settings;
  if (testIdAttribute !== undefined) setTestIdAttributeOf(context, testIdAttribute);
  if (actionTimeout !== undefined) context.setDefaultTimeout(actionTimeout);
  if (actionTimeout !== undefined || navigationTimeout !== undefined)
    context.setDefaultNavigationTimeout(navigationTimeout ?? usualNavigationMs);
  return withExpectSettings(settings.expect, work);
}

/** Playwright's default, which a context with an action timeout would lose. */
const usualNavigationMs = 30_000;
