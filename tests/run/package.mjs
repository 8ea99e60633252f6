import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { withLock } from './lock.mjs';
import { npmCommand } from './packages.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Builds the package and packs it, as for publishing, unless that has been done since the last change. Two runs
 * that start at once pack once.
 *
 * @param {{ root: string, say?: (line: string) => void, quiet?: boolean }} options
 * @returns {Promise<string>} the tarball's path
 */
export async function ensureTarball({ root, say = console.log, quiet = false }) {
  // not where reports go: the leak check reads those, and takes the demo accounts' names out
  const folder = join(root, 'node_modules', '.cache', 'packed');
  mkdirSync(folder, { recursive: true });
  return withLock({ path: join(folder, '.lock'), say }, async () => {
    const current = findTarball(folder);
    if (current && statSync(current).mtimeMs > newestSource(root)) return current;
    const [command, ...args] = npmCommand();
    const packed = await run(command, [...args, 'pack', '--silent', '--pack-destination', folder], {
      cwd: root,
      quiet,
    });
    const tarball = findTarball(folder);
    if (packed.code === 0 && tarball) return tarball;
    throw new SetupError(`"npm pack" failed with exit code ${packed.code}. ${packed.output}`.trim());
  });
}

/** @param {string} folder */
function findTarball(folder) {
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  return name && join(folder, name);
}

/**
 * When the latest change was made to what the package is built from.
 *
 * @param {string} root
 */
function newestSource(root) {
  const files = packedFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => !file.startsWith('output'))
      .map((file) => join(folder, file)),
  );
  return Math.max(...[...files, ...packedFiles].map((file) => statSync(join(root, file)).mtimeMs));
}

const packedFolders = ['src', 'fixtures', 'reports'];
const packedFiles = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tests/run/bundle.mjs',
  'README.md',
  'CHANGELOG.md',
];
