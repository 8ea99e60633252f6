import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrowserContext, FullConfig, Locator, Page } from '@playwright/test';
import { playwrightFolder } from './load-playwright.js';

/**
 * The only file that knows how Playwright keeps settings that are global to a process: the attribute of `getByTestId`
 * and the timeout of `expect`. In a broker and on the command line, flows of several projects run concurrently. Matches
 * Playwright 1.62 to 1.65.1; tests/contract/playwright-settings.spec.ts fails if they change.
 */

/** The part of a project's `expect` that flows can use: they have no snapshots. */
export interface ExpectSettings {
  /** In milliseconds. [Playwright's default, 5000] */
  readonly timeout?: number;
  readonly toPass?: { readonly timeout?: number; readonly intervals?: number[] };
}

/** The `expect` settings of the projects in a resolved config, by name. Playwright's types lack them. */
export function expectSettingsOf(config: FullConfig): ReadonlyMap<string, ExpectSettings> {
  const symbol = Object.getOwnPropertySymbols(config).find(
    ({ description }) => description === 'configInternalSymbol',
  );
  const inside = symbol && (Reflect.get(config, symbol) as InternalConfig | undefined);
  return new Map(inside?.projects?.map(({ project, expect = {} }) => [project.name, expect]));
}

/**
 * Makes `getByTestId` use another attribute in a context's pages, frames and locators, and so in its recorder and
 * tools. A flow can override it with `selectors.setTestIdAttribute`.
 */
export function setTestIdAttributeOf(context: BrowserContext, attribute: string): void {
  attributes.set(context, attribute);
  for (const page of context.pages()) teach(page);
  context.on('page', teach);
  const { _channel: channel } = context as { _channel?: ContextChannel };
  // The server's part, for generated code. A context that is closing generates none.
  channel
    ?.setTestIdAttributeName?.({ testIdAttributeName: attribute }, { signal: undefined, timeout: 0 })
    .catch(() => undefined);
}

/** Makes every `expect` in `work`, from any import, use a project's timeouts. */
export function withExpectSettings<Result>(
  settings: ExpectSettings | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (settings) listenToSettings();
  return following.run(settings, work);
}

function listenToSettings(): void {
  const inside = insideOfExpect();
  const own = inside?.expectConfig?.();
  if (!inside?.setExpectConfig || !own || listening.has(own)) return;
  const config = Object.create(own, {
    timeout: { get: () => following.getStore()?.timeout ?? own.timeout },
    toPass: { get: () => following.getStore()?.toPass ?? own.toPass },
  }) as ExpectSettings;
  listening.add(config);
  inside.setExpectConfig(config);
}

function insideOfExpect(): ExpectModule | undefined {
  const load = createRequire(import.meta.url);
  try {
    return load(path.join(playwrightFolder(), 'lib/matchers/expect.js')) as ExpectModule;
  } catch {
    return undefined;
  }
}

/** The classes are accessible only from the first page. All pages share them. */
function teach(page: Page): void {
  const locator = page.locator('html');
  const owners: readonly [TestIdOwner, (owner: never) => Page][] = [
    [page.mainFrame(), (frame: ReturnType<Page['mainFrame']>) => frame.page()],
    [locator, (one: Locator) => one.page()],
    [locator.contentFrame(), (one: ReturnType<Locator['contentFrame']>) => one.owner().page()],
  ];
  for (const [owner, pageOf] of owners) replaceGetByTestId(owner, pageOf as (owner: TestIdOwner) => Page);
}

function replaceGetByTestId(owner: TestIdOwner, pageOf: (owner: TestIdOwner) => Page): void {
  const shared = Object.getPrototypeOf(owner) as TestIdOwner;
  if (taught.has(shared)) return;
  taught.add(shared);
  const { getByTestId } = shared;
  shared.getByTestId = function (this: TestIdOwner, testId) {
    const attribute = attributes.get(pageOf(this).context());
    if (attribute === undefined) return getByTestId.call(this, testId);
    // Playwright itself formats the test ID.
    const locator = (selector: string) => this.locator(selector.replace(usual, () => opening(attribute)));
    return getByTestId.call({ locator } as TestIdOwner, testId);
  };
}

function opening(attribute: string): string {
  return `internal:testid=[${attribute.includes(',') ? JSON.stringify(attribute) : attribute}=`;
}

interface TestIdOwner {
  getByTestId: (testId: string | RegExp) => Locator;
  locator(selector: string): Locator;
}

interface InternalConfig {
  readonly projects?: readonly {
    readonly project: { readonly name: string };
    readonly expect?: ExpectSettings;
  }[];
}

interface ContextChannel {
  setTestIdAttributeName?(parameters: object, options: object): Promise<unknown>;
}

interface ExpectModule {
  expectConfig?(): ExpectSettings;
  setExpectConfig?(config: ExpectSettings): void;
}

const attributes = new WeakMap<BrowserContext, string>();
const taught = new WeakSet();
const following = new AsyncLocalStorage<ExpectSettings | undefined>();
const listening = new WeakSet();
const usual = /^internal:testid=\[data-testid=/;
