import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { AuthSessionsErrorCode } from '../../core/error-codes.js';
import { distinctPlaces } from '../../core/distinct-places.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { SessionPlace } from '../../core/ports.js';
import { publicUrl } from '../../core/public-url.js';
import { formatSuggestion } from '../../core/suggest-name.js';
import type { ConfinedSecrets } from '../../credentials/confined-secrets.js';
import type { CommandContext } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';
import { withScheme } from './page-address.js';
import type { SuiteDescription } from './suite-description.js';
import { readSuite } from './read-suite.js';

/** A Playwright config, and one of its projects. */
export interface SuiteChoice {
  /** A config file, or its folder. */
  readonly config?: string | undefined;
  readonly project?: string | undefined;
  readonly baseURL?: string | undefined;
}

/** A suite whose config uses `withAuthSessions`. */
export interface FoundSuite extends Omit<SuiteDescription, 'sessionsFile' | 'secrets'> {
  readonly configFile: string;
  /** Folder of the config. Local files and the store are relative to it. */
  readonly folder: string;
  readonly sessionsFile: string;
  readonly secrets: ConfinedSecrets;
  /** Where sessions are used: one place per base URL, in the first project that has it. */
  readonly places: readonly SessionPlace[];
}

/** What it needs of a command, or of a script. */
export interface FindSuiteContext extends Pick<
  CommandContext,
  'folder' | 'env' | 'signal' | 'redactor' | 'askPlaywright'
> {
  readonly progress: Pick<CommandContext['progress'], 'during'>;
  /** What to do if no config is found. A script has no `--config`. */
  readonly nextWithoutConfig?: string;
}

/**
 * Finds the Playwright config, searching upward, and makes Playwright read it.
 *
 * @throws AuthSessionsError `ERR_PLAYWRIGHT_CONFIG`, `ERR_USAGE`
 */
export async function findSuite(choice: SuiteChoice, context: FindSuiteContext): Promise<FoundSuite> {
  const configFile = findConfigFile({ ...choice, next: context.nextWithoutConfig }, context.folder);
  const description = await context.progress.during(`reading ${path.basename(configFile)}`, () =>
    readSuite(configFile, context),
  );
  const places = placesOf(description, choice);
  return { ...description, ...wired(description, configFile), places };
}

/** @throws AuthSessionsError `ERR_PLAYWRIGHT_CONFIG`, `ERR_USAGE` */
export function findConfigFile({ config, next = nextOfCommand }: ConfigChoice, folder: string): string {
  if (config !== undefined) {
    const chosen = path.resolve(folder, config);
    const found = existsSync(chosen) && statSync(chosen).isDirectory() ? configIn(chosen) : chosen;
    if (found !== undefined && existsSync(found)) return found;
    throw usageError(`There is no Playwright config at ${chosen}.`, 'Check the path of the config.');
  }
  for (let above = folder; ; above = path.dirname(above)) {
    const found = configIn(above);
    if (found !== undefined) return found;
    if (path.dirname(above) === above) break;
  }
  throw new AuthSessionsError('ERR_PLAYWRIGHT_CONFIG', {
    failed: 'No Playwright config was found.',
    known: `No playwright.config.* is in ${folder} or above it.`,
    next,
  });
}

interface ConfigChoice extends Pick<SuiteChoice, 'config'> {
  readonly next?: string | undefined;
}

const nextOfCommand = 'Run the command beside or below the config, or name it with --config.';

function configIn(folder: string): string | undefined {
  return ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs']
    .map((extension) => path.join(folder, `playwright.config.${extension}`))
    .find((file) => existsSync(file));
}

function wired(
  { sessionsFile, secrets }: SuiteDescription,
  configFile: string,
): Pick<FoundSuite, 'configFile' | 'folder' | 'sessionsFile' | 'secrets'> {
  if (sessionsFile === undefined)
    throw new AuthSessionsError('ERR_CONFIG_NOT_WRAPPED', {
      failed: `${configFile} does not use auth sessions.`,
      known: 'It was loaded, and withAuthSessions was not called.',
      next: "Write: export default defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', { … })).",
    });
  if ('error' in secrets) {
    const { code, ...explanation } = secrets.error;
    throw new AuthSessionsError(code as AuthSessionsErrorCode, explanation);
  }
  const folder = path.dirname(configFile);
  return { configFile, folder, secrets, sessionsFile: path.resolve(folder, sessionsFile) };
}

function placesOf({ projects }: SuiteDescription, choice: SuiteChoice): SessionPlace[] {
  const { project, baseURL } = choice;
  const chosen = project === undefined ? projects : projects.filter(({ name }) => name === project);
  if (chosen.length === 0 && project !== undefined) {
    const names = projects.map(({ name }) => name).filter((name) => name !== '');
    throw usageError(`There is no Playwright project "${project}".`, formatSuggestion(project, names));
  }
  if (baseURL !== undefined) {
    const whole = withScheme(baseURL);
    if (!URL.canParse(whole) || !/^https?:/i.test(whole))
      throw usageError(
        `"${publicUrl(baseURL) ?? ''}" is not an http(s) URL.`,
        'Write it in full: --base-url https://shop.example',
      );
    return [{ baseURL: whole, project: chosen[0]?.name }];
  }
  return distinctPlaces(chosen);
}
