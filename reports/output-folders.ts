import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { isBelow } from '../src/artifacts/is-below.js';

export interface OutputFoldersOptions {
  readonly config: Pick<FullConfig, 'projects' | 'reporter'>;
  /** Folder of the config, which most paths are relative to. */
  readonly folder: string;
  /**
   * Where Playwright was started; paths in variables and Allure's options are relative to it. [the working directory]
   */
  readonly startedIn?: string;
  readonly env: NodeJS.ProcessEnv;
  /** More folders, such as the session store. */
  readonly also: readonly string[];
}

export interface OutputFolders {
  /** Absolute paths of a run's output; none contains another. */
  readonly all: readonly string[];
  /** Each reporter's folder or file. */
  readonly ofReporters: readonly string[];
}

/** The output of a run: Playwright's, its reporters', and other folders of the project. */
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
  /** Default folder of Playwright's reporters. */
  readonly packageFolder: string;
}

/** A name is relative to the config's folder, or to a folder that is searched anyway. */
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

/** As Playwright finds it: the nearest folder with a package.json. */
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
/** Names of the option in Playwright's and other reporters. */
const optionNames = ['outputFolder', 'outputFile', 'outputDir', allureOption];

/** Default folders of reporters. */
const defaults: Readonly<Record<string, string>> = {
  html: 'playwright-report',
  blob: 'blob-report',
  perfetto: 'test-results/perfetto.json',
  'allure-playwright': 'allure-results',
};
