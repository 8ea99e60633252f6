import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * Stops on a Node older than `engines` in package.json asks for.
 *
 * @param {{ root: string, version?: string }} options
 */
export function ensureNode({ root, version = process.versions.node }) {
  const wanted = readWantedVersion(root);
  if (compareVersions(version, wanted) >= 0) return;
  throw new SetupError(
    `Node ${version} is too old for this project. It needs Node ${wanted} or newer. ` +
      'Install it from https://nodejs.org/ or with your version manager, then run the same command again.',
  );
}

/**
 * Below, at or above zero, by the numbers: 20.9 comes before 20.19.
 *
 * @param {string} one
 * @param {string} other
 */
export function compareVersions(one, other) {
  const [left, right] = [one, other].map((version) =>
    version.split('.').map((part) => Number.parseInt(part)),
  );
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @param {string} root */
function readWantedVersion(root) {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const { engines } = /** @type {{ engines?: { node?: string } }} */ (JSON.parse(text));
  return /\d+(\.\d+)*/.exec(engines?.node ?? '')?.[0] ?? '20';
}
