import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrowserContext, FullConfig, Locator, Page } from '@playwright/test';

/**
 * The one file that knows how Playwright keeps the settings that are global to a process: the attribute of
 * `getByTestId` and the limits of `expect`. In a broker and on the command line, flows of several projects run side by side.
 * Read from Playwright 1.62 to 1.65.1; tests/contract/playwright-settings.spec.ts fails when the shape changes.
 */

/** Of a project's `expect`, what a flow can use: there are no snapshots outside of tests. */
export interface ExpectSettings {
  /** In milliseconds. [Playwright's own 5000] */
  readonly timeout?: number;
  readonly toPass?: { readonly timeout?: number; readonly intervals?: number[] };
}

/** What the projects of a resolved config say of `expect`, by name. Playwright's types have no place for it. */
export function expectSettingsOf(config: FullConfig): ReadonlyMap<string, ExpectSettings> {
  const symbol = Object.getOwnPropertySymbols(config).find(
    ({ description }) => description === 'configInternalSymbol',
  );
  const inside = symbol && (Reflect.get(config, symbol) as InternalConfig | undefined);
  return new Map(inside?.projects?.map(({ project, expect = {} }) => [project.name, expect]));
}

/**
 * Has `getByTestId` of a context's pages, frames and locators use another attribute, and so what its recorder and its
 * tools write. A flow that calls `selectors.setTestIdAttribute` itself has its way.
 */
export function setTestIdAttributeOf(context: BrowserContext, attribute: string): void {
  attributes.set(context, attribute);
  for (const page of context.pages()) teach(page);
  context.on('page', teach);
  const { _channel: channel } = context as { _channel?: ContextChannel };
  // The server's part, for generated code. A context that closes meanwhile writes none.
  channel
    ?.setTestIdAttributeName?.({ testIdAttributeName: attribute }, { signal: undefined, timeout: 0 })
    .catch(() => undefined);
}

/** Has every `expect` that `work` makes, wherever it is imported from, take its limits from a project. */
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
    const manifest = createRequire(load.resolve('@playwright/test/package.json')).resolve(
      'playwright/package.json',
    );
    return load(path.join(path.dirname(manifest), 'lib/matchers/expect.js')) as ExpectModule;
  } catch {
    return undefined;
  }
}

/** The classes are reached by the first page only; they are the same for all. */
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
    // What it makes of a test ID stays Playwright's own.
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
