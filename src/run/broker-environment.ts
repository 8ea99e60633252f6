import { confinedVariables } from '../credentials/confined-secrets.js';
import { isOfConnection } from '../credentials/connection-secrets.js';
import { keptNodeOptions } from './node-options.js';

/**
 * The broker's environment: the runner's, without credentials, which go over the channel, and without variables that
 * make Node, Playwright or a browser write logs, or pause: `--debug` is for tests. Of Node's own variables and options,
 * it keeps only those known to write nothing.
 */
export function brokerEnvironment(
  from: NodeJS.ProcessEnv,
  { temporary }: { /** The run's folder for temporary files. */ readonly temporary: string },
): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(from).filter(([name]) => isInherited(name.toUpperCase())));
  for (const [name, value] of Object.entries(env))
    if (name.toUpperCase() === 'NODE_OPTIONS' && value !== undefined) env[name] = keptNodeOptions(value);
  return { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
}

/**
 * Node arguments for the broker. They prevent `SIGUSR1` from opening a debugger from the start: its port is at an
 * address that no machine has (RFC 5737), and newer Node versions ignore the signal.
 */
export function brokerNodeArguments(): string[] {
  const leaveSignal = '--disable-sigusr1';
  return [
    '--inspect-port=192.0.2.1:9229',
    ...(process.allowedNodeEnvironmentFlags.has(leaveSignal) ? [leaveSignal] : []),
  ];
}

/** Variable names are case-insensitive on Windows. */
function isInherited(name: string): boolean {
  if (name.startsWith('NODE_')) return nodeVariables.test(name);
  if (writesDown.test(name) || isOfConnection(name)) return false;
  return !(Object.values(confinedVariables) as readonly string[]).includes(name);
}

/** https://nodejs.org/api/cli.html#environment-variables, and common names of applications. */
const nodeVariables =
  /^NODE_(OPTIONS|ENV|CONFIG.*|APP_INSTANCE|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|USE_ENV_PROXY|USE_SYSTEM_CA|ICU_DATA|NO_WARNINGS|PENDING_DEPRECATION|DISABLE_COLORS|PRESERVE_SYMLINKS|PRESERVE_SYMLINKS_MAIN|SKIP_PLATFORM_CHECK|COMPILE_CACHE|COMPILE_CACHE_PORTABLE|DISABLE_COMPILE_CACHE)$/;

/**
 * Variables of Playwright, browsers, and VS Code, which opens a debugger in every process with its variable. With
 * `PWDEBUG`, Playwright's inspector would pause in every flow, and log what it types.
 */
const writesDown =
  /^(DEBUG|DEBUG_FILE|TEST_(WORKER|PARALLEL)_INDEX|PW_TEST_.*|PW_PROFILE_DIR|PWDEBUG|SSLKEYLOGFILE|CHROME_LOG_FILE|MOZ_LOG.*|NSPR_LOG_.*|VSCODE_INSPECTOR_OPTIONS)$/;
