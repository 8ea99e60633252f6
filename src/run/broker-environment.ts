import { secretVariables } from '../credentials/run-secrets.js';
import { keptNodeOptions } from './node-options.js';

/**
 * The runner's environment for its broker: without credentials, which come over the channel; without what makes Node,
 * Playwright or a browser write down what they do; and of Node's own variables and options only those known to write
 * nothing.
 */
export function brokerEnvironment(
  from: NodeJS.ProcessEnv,
  { temporary }: { /** The run's own folder for temporary files. */ readonly temporary: string },
): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(from).filter(([name]) => isInherited(name.toUpperCase())));
  for (const [name, value] of Object.entries(env))
    if (name.toUpperCase() === 'NODE_OPTIONS' && value !== undefined) env[name] = keptNodeOptions(value);
  return { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
}

/**
 * Node's own arguments for the broker. `SIGUSR1` opens no debugger from the first instruction on: its port is at an
 * address that no machine has (RFC 5737), and a Node that can leave the signal alone does.
 */
export function brokerNodeArguments(): string[] {
  const leaveSignal = '--disable-sigusr1';
  return [
    '--inspect-port=192.0.2.1:9229',
    ...(process.allowedNodeEnvironmentFlags.has(leaveSignal) ? [leaveSignal] : []),
  ];
}

/** Windows does not tell capital letters from small ones in names. */
function isInherited(name: string): boolean {
  if (name.startsWith('NODE_')) return nodeVariables.test(name);
  return !writesDown.test(name) && !(Object.values(secretVariables) as readonly string[]).includes(name);
}

/** https://nodejs.org/api/cli.html#environment-variables, and what applications often call theirs. */
const nodeVariables =
  /^NODE_(OPTIONS|ENV|CONFIG.*|APP_INSTANCE|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|USE_ENV_PROXY|USE_SYSTEM_CA|ICU_DATA|NO_WARNINGS|PENDING_DEPRECATION|DISABLE_COLORS|PRESERVE_SYMLINKS|PRESERVE_SYMLINKS_MAIN|SKIP_PLATFORM_CHECK|COMPILE_CACHE|COMPILE_CACHE_PORTABLE|DISABLE_COMPILE_CACHE)$/;

/** Of Playwright, browsers, and VS Code, which opens a debugger in every process with its variable. */
const writesDown =
  /^(DEBUG|DEBUG_FILE|TEST_(WORKER|PARALLEL)_INDEX|PW_TEST_.*|PW_PROFILE_DIR|SSLKEYLOGFILE|CHROME_LOG_FILE|MOZ_LOG.*|NSPR_LOG_.*|VSCODE_INSPECTOR_OPTIONS)$/;
