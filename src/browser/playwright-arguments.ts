import type { BrowserType } from '@playwright/test';

/**
 * The only file that knows where Playwright keeps the arguments that it starts a browser with. Matches Playwright 1.62
 * to 1.65.1; tests/contract/device-binding.spec.ts fails if they change.
 */

/** The arguments that Playwright passes to a browser by default. `undefined` if these insides are missing. */
export async function defaultArgumentsOf(type: BrowserType): Promise<readonly string[] | undefined> {
  try {
    const { _connection: connection } = type as unknown as { readonly _connection?: Connection };
    const found = await connection?.toImpl?.(type)?.defaultArgs?.({}, false, '');
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : undefined;
  } catch {
    return undefined;
  }
}

interface Connection {
  readonly toImpl?: (
    type: BrowserType,
  ) =>
    | { readonly defaultArgs?: (options: object, isPersistent: boolean, folder: string) => unknown }
    | undefined;
}
