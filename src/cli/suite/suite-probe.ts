import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FullConfig, Reporter } from '@playwright/test/reporter';
import { outputFolders } from '../../../reports/output-folders.js';
import { browserPlansOf } from '../../browser/browser-plan.js';
import { confinedSecrets } from '../../credentials/confined-secrets.js';
import { currentRun } from '../../run/current-run.js';
import { declaredSecrets, unsetVariables } from '../../wire/declared-secrets.js';
import { serializeError } from '../../wire/serialized-error.js';
import type { SuiteDescription, Wiring } from './suite-description.js';

/**
 * A reporter for `playwright test --list`, started by a command: sends it Playwright's description of the config over
 * their own channel.
 */
export default class SuiteProbe implements Reporter {
  #config: FullConfig | undefined;

  printsToStdio(): boolean {
    return true;
  }

  onBegin(config: FullConfig): void {
    this.#config = config;
  }

  async onEnd(): Promise<void> {
    if (!this.#config) return;
    const description = await describe(this.#config);
    await new Promise((resolve) => process.send?.(description, resolve));
  }
}

async function describe(config: FullConfig): Promise<SuiteDescription> {
  const raw = await rawConfigOf(config.configFile);
  const plans = browserPlansOf(config);
  return {
    sessionsFile: currentRun.sessionsFile,
    outputFolders: outputFolders({
      config: { projects: config.projects, reporter: reportersOf(raw) },
      folder: config.configFile ? path.dirname(config.configFile) : config.rootDir,
      env: process.env,
      also: [],
    }).all,
    projects: config.projects.flatMap(({ name, use }) => {
      const plan = plans[name];
      return plan ? [{ name, baseURL: use.baseURL, authSession: sessionNameIn(use), plan }] : [];
    }),
    wiring: wiringOf(raw),
    playwrightVersion: config.version,
    webServer: config.webServer !== null || raw.webServer !== undefined,
    workers: config.workers,
    shards: config.shard?.total ?? 1,
    env: Object.fromEntries(
      Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined),
    ),
    secrets: secrets(),
    declared: declaredSecrets(),
    unset: unsetVariables(),
  };
}

/** The session's name in a choice: a name, or an object with one. */
function sessionNameIn(use: Readonly<Record<string, unknown>>): string | undefined {
  const { authSession } = use;
  if (typeof authSession === 'string') return authSession;
  const isObject = typeof authSession === 'object' && authSession !== null;
  return isObject && 'name' in authSession && typeof authSession.name === 'string'
    ? authSession.name
    : undefined;
}

function secrets(): SuiteDescription['secrets'] {
  try {
    return confinedSecrets();
  } catch (error) {
    const { code, explanation } = serializeError(error);
    return { error: { code, ...explanation, known: explanation.known } };
  }
}

/**
 * The file's own export, because `--reporter` has replaced the reporters in Playwright's config. It is already loaded.
 */
async function rawConfigOf(file: string | undefined): Promise<Record<string, unknown>> {
  try {
    let value: unknown = file && (await import(pathToFileURL(file).href));
    for (let step = 0; step < 3; step += 1)
      if (typeof value === 'object' && value !== null && 'default' in value) value = value.default;
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A reporter's name, alone or with its options. */
function reportersOf({ reporter }: Record<string, unknown>): FullConfig['reporter'] {
  const all: unknown[] = Array.isArray(reporter) ? reporter : [reporter];
  return all.flatMap((one): FullConfig['reporter'] => {
    const [name, options] = Array.isArray(one) ? (one as unknown[]) : [one];
    return typeof name === 'string' ? [[name, options]] : [];
  });
}

function wiringOf({ reporter, globalSetup }: Record<string, unknown>): Wiring {
  const names = (value: unknown): string[] =>
    (Array.isArray(value) ? value : [value])
      .map((one: unknown): unknown => (Array.isArray(one) ? one[0] : one))
      .filter((one): one is string => typeof one === 'string');
  return {
    reporters: reporter === undefined ? undefined : names(reporter),
    globalSetups: globalSetup === undefined ? undefined : names(globalSetup),
  };
}
