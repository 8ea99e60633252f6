import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';

export interface OutputFoldersOptions {
  readonly config: Pick<FullConfig, 'projects' | 'reporter'>;
  /** The folder of the config, which the paths of reporters are relative to. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Further ones, such as the session store. */
  readonly also: readonly string[];
}

export interface OutputFolders {
  /** Where a run writes, absolute; none is in another one. */
  readonly all: readonly string[];
  /** The folder or file of each reporter among them. */
  readonly ofReporters: readonly string[];
}

/** Where a run writes: Playwright's output, that of its reporters, and what else the project names. */
export function outputFolders({ config, folder, env, also }: OutputFoldersOptions): OutputFolders {
  const ofReporters = absolute(folder, [
    ...config.reporter.flatMap(([name, options]) => ofReporter(name, options)),
    ...Object.entries(env)
      .filter(([name]) => outputVariable.test(name))
      .map(([, value]) => value),
  ]);
  const own = absolute(folder, [...config.projects.map(({ outputDir }) => outputDir), ...also]);
  const all = [...new Set([...own, ...ofReporters])];
  return {
    ofReporters,
    all: all.filter((one) => !all.some((other) => other !== one && isBelow(other, one))),
  };
}

function absolute(folder: string, places: readonly unknown[]): string[] {
  const named = places.filter((one): one is string => typeof one === 'string' && one !== '');
  return [...new Set(named.map((one) => path.resolve(folder, one)))];
}

const outputVariable = /^PLAYWRIGHT_(?:[A-Z]+_)?(?:OUTPUT_(?:DIR|FILE|NAME)|REPORT)$/;

/** What reporters call it, Playwright's and those of others. */
const optionNames = ['outputFolder', 'outputFile', 'outputDir', 'resultsDir'];

/** Where a reporter writes that is not told where. */
const defaults: Readonly<Record<string, string>> = {
  html: 'playwright-report',
  blob: 'blob-report',
  'allure-playwright': 'allure-results',
};

function ofReporter(name: string, options: unknown): unknown[] {
  const given = typeof options === 'object' && options !== null ? Object.entries(options) : [];
  const told = given.filter(([key]) => optionNames.includes(key)).map(([, value]) => value as unknown);
  return told.length > 0 ? told : [defaults[name]];
}

/** Or the same. */
export function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}
