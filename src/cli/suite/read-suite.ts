import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { AuthSessionsError } from '../../core/errors.js';
import { SecretValue } from '../../core/secret-value.js';
import { confineSecretsOf } from '../../credentials/confined-secrets.js';
import type { CommandContext } from '../terminal/command-context.js';
import type { AskPlaywright, SuiteDescription } from './suite-description.js';

/**
 * Makes Playwright read its config in a child process, as at the start of a run: in any language and module system,
 * with `projects` merged with their options. Loads no test files, and starts no web server or global setup.
 *
 * Variables that the config sets are set here too, without secrets. Secrets that the config declares are registered
 * with the redactor before any output of the suite is printed.
 *
 * @throws AuthSessionsError `ERR_PLAYWRIGHT_CONFIG`
 */
export async function readSuite(
  configFile: string,
  {
    env,
    signal,
    redactor,
    askPlaywright: ask = askPlaywright,
  }: Pick<CommandContext, 'env' | 'signal' | 'redactor' | 'askPlaywright'>,
): Promise<SuiteDescription> {
  const { description, output } = await ask(configFile, { env: environmentOf(env), signal });
  confineSecretsOf(env);
  if (!description) throw unreadable(configFile, output);
  for (const { value, label } of description.declared) redactor.add(new SecretValue(value, label));
  for (const [name, value] of Object.entries(description.env)) if (!isPlaywrights(name)) env[name] = value;
  return description;
}

/** Starts Playwright, which takes a second or two. */
export const askPlaywright: AskPlaywright = (configFile, { env, signal }) => {
  const folder = path.dirname(configFile);
  const byName = probe.includes(',');
  const child = fork(playwrightOf(configFile), [...listNothing, '-c', configFile, ...reporter(byName)], {
    cwd: folder,
    env: byName ? { ...env, PW_TEST_REPORTER: probe } : env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    signal,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let description: SuiteDescription | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.on('message', (message: SuiteDescription) => (description = message));
  return new Promise((resolve) => {
    child.on('error', () => resolve({ description, output }));
    child.on('close', () => resolve({ description, output }));
  });
};

/** A filter that matches no file name. */
const listNothing = ['test', '--list', '(?!)'];

/** Playwright splits this option at commas. */
function reporter(byName: boolean): string[] {
  return [`--reporter=${byName ? 'null' : probe}`];
}

/** A file of this package, built or not. */
const probe = fileURLToPath(
  new URL(`./suite-probe.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
);

/** The suite's own Playwright. */
function playwrightOf(configFile: string): string {
  try {
    return createRequire(configFile).resolve('@playwright/test/cli');
  } catch {
    throw new AuthSessionsError('ERR_PLAYWRIGHT_MISSING', {
      failed: `@playwright/test is not installed for ${configFile}.`,
      next: 'Install the packages of the project, for example with "npm ci".',
    });
  }
}

/** Without the variables that an outer Playwright run sets for its own processes. */
function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(
    ([name]) => !/^(TEST_(WORKER|PARALLEL)_INDEX$|PW_|PWTEST|PWDEBUG$)/.test(name),
  );
  return { ...Object.fromEntries(own), FORCE_COLOR: '0' };
}

function isPlaywrights(name: string): boolean {
  return /^(TEST_(WORKER|PARALLEL)_INDEX$|PW_|PWTEST|PWDEBUG$|FORCE_COLOR$|NODE_(OPTIONS|V8_COVERAGE)$)/.test(
    name,
  );
}

/** Playwright's output shows where: its first line with an error, and the place. */
function unreadable(configFile: string, output: string): AuthSessionsError {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^at |^\^|^node:|^Listing tests|^Total: 0/.test(line));
  return new AuthSessionsError('ERR_PLAYWRIGHT_CONFIG', {
    failed: `${configFile} cannot be loaded.`,
    known: lines.slice(0, 2).join(' ') || 'Playwright exited without a message.',
    next: 'Fix the error; "npx playwright test --list" shows it too.',
  });
}
