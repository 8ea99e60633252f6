import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { isBelow } from '../src/artifacts/is-below.js';

export interface OutputFoldersOptions {
  readonly config: Pick<FullConfig, 'projects' | 'reporter'>;
  /** The folder of the config, which most paths are relative to. */
  readonly folder: string;
  /** Where Playwright was started: what the environment and Allure say is relative to it. [the process's own] */
  readonly startedIn?: string;
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
export function outputFolders(options: OutputFoldersOptions): OutputFolders {
  const { config, folder, env, also, startedIn = process.cwd() } = options;
  const bases = { folder, startedIn, packageFolder: packageFolderOf(folder) ?? startedIn };
  const ofReporters = unique([
    ...config.reporter.flatMap(([name, told]) => ofReporter(name, told, bases)),
    ...Object.entries(env).map(([name, value]) => ofVariable(name, value, bases)),
  ]);
  const own = [...config.projects.map(({ outputDir }) => outputDir), ...also];
  const all = unique([...own.map((one) => absolute(folder, one)), ...ofReporters]);
  return {
    ofReporters,
    all: all.filter((one) => !all.some((other) => other !== one && isBelow(other, one))),
  };
}

interface Bases {
  readonly folder: string;
  readonly startedIn: string;
  /** Where reporters of Playwright write that are not told where. */
  readonly packageFolder: string;
}

/** A name is one within the folder of the config, or of a folder that is found anyway. */
function ofVariable(
  name: string,
  value: string | undefined,
  { folder, startedIn }: Bases,
): string | undefined {
  const [, kind] = outputVariable.exec(name) ?? [];
  return kind && absolute(kind === 'OUTPUT_NAME' ? folder : startedIn, value);
}

function ofReporter(name: string, told: unknown, { folder, startedIn, packageFolder }: Bases) {
  const given = typeof told === 'object' && told !== null ? Object.entries(told) : [];
  const places = given
    .filter(([key]) => optionNames.includes(key))
    .map(([key, value]) => absolute(key === allureOption ? startedIn : folder, value));
  if (places.length > 0) return places;
  return [absolute(name === 'allure-playwright' ? startedIn : packageFolder, defaults[name])];
}

/** As Playwright finds it: the nearest one with a manifest. */
function packageFolderOf(folder: string): string | undefined {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : packageFolderOf(parent);
}

function absolute(folder: string, place: unknown): string | undefined {
  return typeof place === 'string' && place !== '' ? path.resolve(folder, place) : undefined;
}

function unique(places: readonly (string | undefined)[]): string[] {
  return [...new Set(places.filter((one) => one !== undefined))];
}

const outputVariable = /^PLAYWRIGHT_(?:[A-Z]+_)?(OUTPUT_(?:DIR|FILE|NAME)|REPORT)$/;

const allureOption = 'resultsDir';
/** What reporters call it, Playwright's and those of others. */
const optionNames = ['outputFolder', 'outputFile', 'outputDir', allureOption];

/** Where a reporter writes that is not told where. */
const defaults: Readonly<Record<string, string>> = {
  html: 'playwright-report',
  blob: 'blob-report',
  perfetto: 'test-results/perfetto.json',
  'allure-playwright': 'allure-results',
};
