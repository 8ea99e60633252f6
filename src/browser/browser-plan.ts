import path from 'node:path';
import type { BrowserContextOptions, ConnectOptions, FullConfig, LaunchOptions } from '@playwright/test';
import { cloneableCopy } from './cloneable-copy.js';
import { pageSettingsOf, type PageSettings } from './page-settings.js';
import { expectSettingsOf, type ExpectSettings } from './playwright-settings.js';
import { contextOptionNames } from './use-options.js';

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

/** How a Playwright project's tests start their browser. A sign-in starts the same kind. */
export interface BrowserPlan {
  readonly browserName: BrowserName;
  readonly launchOptions: LaunchOptions;
  readonly connectOptions: (ConnectOptions & { readonly wsEndpoint: string }) | undefined;
  /** The project's context options. A session's options override them. */
  readonly contextOptions: BrowserContextOptions;
  readonly pageSettings: PageSettings;
  /** The project's, which a session may override. */
  readonly baseURL?: string | undefined;
}

/** The plans of a resolved config's projects, by name. */
export function browserPlansOf(config: FullConfig): Readonly<Record<string, BrowserPlan>> {
  const expected = expectSettingsOf(config);
  const folder = config.configFile ? path.dirname(config.configFile) : config.rootDir;
  return Object.fromEntries(
    config.projects.map(({ name, use }) => [
      name,
      browserPlanOf(use, { expect: expected.get(name), folder }),
    ]),
  );
}

interface AroundUse {
  readonly expect?: ExpectSettings | undefined;
  /** Folder of the config: paths of client certificates are relative to it. */
  readonly folder?: string;
}

/**
 * Reads a plan from the `use` of a project in the resolved Playwright config. It is sent to another process, so
 * anything that cannot be, such as a logger, is left out.
 */
export function browserPlanOf(
  use: Readonly<Record<string, unknown>>,
  { expect, folder = '' }: AroundUse = {},
): BrowserPlan {
  const launchOptions = { ...(use.launchOptions as LaunchOptions | undefined) };
  if (typeof use.channel === 'string') launchOptions.channel = use.channel;
  if (typeof use.headless === 'boolean') launchOptions.headless = use.headless;
  const chosen = contextOptionNames
    .filter((name) => use[name] !== undefined)
    .map((name) => [name, use[name]]);
  const connectOptions = use.connectOptions as BrowserPlan['connectOptions'];
  return {
    browserName: browserNameOf(use.browserName ?? use.defaultBrowserType),
    launchOptions: sendable(launchOptions),
    connectOptions: connectOptions && sendable(connectOptions),
    contextOptions: sendable({
      ...(use.contextOptions as BrowserContextOptions | undefined),
      ...withPaths(Object.fromEntries(chosen) as BrowserContextOptions, folder),
    }),
    pageSettings: sendable(pageSettingsOf(use, expect)),
    ...(typeof use.baseURL === 'string' && { baseURL: use.baseURL }),
  };
}

/** Resolves paths like Playwright does for tests: relative to the config. */
function withPaths({ clientCertificates, ...others }: BrowserContextOptions, folder: string) {
  if (!clientCertificates) return others;
  const resolved = clientCertificates.map((one) => ({
    ...one,
    ...Object.fromEntries(
      certificatePaths.flatMap((name) => {
        const file = one[name];
        return file === undefined ? [] : [[name, path.resolve(folder, file)]];
      }),
    ),
  }));
  return { ...others, clientCertificates: resolved };
}

/** Leaves out a logger completely: its fields without its functions would not work. */
function sendable<Options extends object>(options: Options): Options {
  return (cloneableCopy({ ...options, logger: undefined }) ?? {}) as Options;
}

function browserNameOf(name: unknown): BrowserName {
  return name === 'firefox' || name === 'webkit' ? name : 'chromium';
}

const certificatePaths = ['certPath', 'keyPath', 'pfxPath'] as const;
