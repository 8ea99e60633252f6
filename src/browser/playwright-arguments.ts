import type { BrowserType } from '@playwright/test';
import { serverObjectOf } from './server-object.js';

/**
 * The only file that knows where Playwright keeps the arguments that it starts a browser with. Matches Playwright 1.62
 * to 1.65.1; tests/contract/device-binding.spec.ts fails if they change.
 */

/** The arguments that Playwright passes to a browser by default. `undefined` if these insides are missing. */
export async function defaultArgumentsOf(type: BrowserType): Promise<readonly string[] | undefined> {
  try {
    const inside = serverObjectOf(type) as BrowserTypeInside | undefined;
    const found = await inside?.defaultArgs?.({}, false, '');
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : undefined;
  } catch {
    return undefined;
  }
}

interface BrowserTypeInside {
  readonly defaultArgs?: (options: object, isPersistent: boolean, folder: string) => unknown;
}
