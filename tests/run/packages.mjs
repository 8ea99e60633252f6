import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from './command.mjs';
import { withLock } from './lock.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Installs the packages of package-lock.json when one of them is missing or has another version. Two runs that
 * start at once install once.
 *
 * @param {{ root: string, say?: (line: string) => void, quiet?: boolean }} options
 * @returns {Promise<boolean>} whether anything had to be installed
 */
export async function ensurePackages({ root, say = console.log, quiet = false }) {
  if (packagesAreCurrent(root)) return false;
  return withLock({ path: join(root, 'reports', 'output', '.npm-ci.lock'), say }, async () => {
    if (packagesAreCurrent(root)) return false; // installed by the run that held the lock
    say('Installing packages with "npm ci". This takes about a minute …');
    const [command, ...args] = npmCommand();
    // a machine-wide NODE_ENV=production must not leave out what the tests are made of
    const { code } = await run(command, [...args, 'ci', '--include=dev'], { cwd: root, quiet });
    if (code === 0) return true;
    throw new SetupError(
      `"npm ci" failed with exit code ${code}; its reason is above. Packages could not be installed. ` +
        'Check that the npm registry can be reached and that package-lock.json fits package.json, then run again.',
    );
  });
}

/**
 * npm keeps its own account of what it installed; it is also missing after an interrupted install.
 * Optional packages may be absent: they can be for another system.
 *
 * @param {string} root
 */
function packagesAreCurrent(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const locked = readPackages(join(root, 'package-lock.json'));
  if (!installed || !locked) return false;
  return Object.entries(locked).every(([place, wanted]) => {
    if (place === '') return true;
    const there = installed[place];
    if (!there) return wanted.optional === true;
    return there.version === wanted.version && there.integrity === wanted.integrity;
  });
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */

/** @param {string} file */
function readPackages(file) {
  try {
    const lock = /** @type {{ packages?: Packages }} */ (JSON.parse(readFileSync(file, 'utf8')));
    return lock.packages;
  } catch {
    return undefined;
  }
}

/**
 * The npm that runs this script, so that its version and settings are the same; another package manager's path
 * stands in the same variable.
 *
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const path = process.env.npm_execpath;
  if (path && basename(path) === 'npm-cli.js') return [process.execPath, path];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}
