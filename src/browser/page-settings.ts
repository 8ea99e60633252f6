import type { BrowserContext } from '@playwright/test';
import { setTestIdAttributeOf, withExpectSettings, type ExpectSettings } from './playwright-settings.js';

/** What a project says of pages that is no option of a context. */
export interface PageSettings {
  readonly testIdAttribute?: string;
  /** In milliseconds; 0 is no limit. */
  readonly actionTimeout?: number;
  /** In milliseconds; 0 is no limit. */
  readonly navigationTimeout?: number;
  readonly expect?: ExpectSettings;
}

/** Reads them from the `use` of a project and its `expect`, so that they can be sent to another process. */
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

/** The same without limits: they do not run while a person debugs. */
export function withoutTimeLimits(settings: PageSettings): PageSettings {
  return { ...settings, actionTimeout: 0, navigationTimeout: 0 };
}

/** Has a context, and what is expected meanwhile, follow the project, whatever other contexts of this process follow. */
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

/** Playwright's own, which a context with a limit for actions would lose. */
const usualNavigationMs = 30_000;
