import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { stopOnSignals } from './command.mjs';
import { ensureLocalCredentials } from './local-credentials.mjs';
import { ensureNode } from './node-version.mjs';
import { ensurePackages } from './packages.mjs';

/** The project's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Makes a fresh clone ready to run, on a machine with only Node and npm. Does nothing, in a fraction of a second,
 * when all is there. Uses no package itself before the packages are installed.
 *
 * @throws an error whose message says what to do, when a step cannot be done
 */
export async function bootstrap() {
  stopOnSignals();
  ensureNode({ root });
  const firstTime = await ensurePackages({ root });
  await ensureBrowser({ root, tellWhich: firstTime });
  ensureLocalCredentials({ root });
}

/**
 * What to print for a bootstrap that failed: the message alone when it is meant for people.
 *
 * @param {unknown} error
 */
export function explain(error) {
  if (!(error instanceof Error)) return String(error);
  return ['SetupError', 'AuthSessionsError'].includes(error.name)
    ? error.message
    : (error.stack ?? error.message);
}
