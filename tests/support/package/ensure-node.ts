import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../run/command.mjs';
import { withLock } from '../../run/lock.mjs';
import { npmCommand } from '../../run/packages.mjs';
import { repository } from '../nested-run.js';

/**
 * A Node of another version, from the packages that hold its binaries; kept for the next time.
 *
 * @throws Error with what npm said, when it could not be installed
 */
export async function ensureNode(version: string): Promise<string> {
  const folder = path.join(repository, 'node_modules/.cache/nodes', version);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.join(folder, 'node_modules', name, 'bin', file);
  mkdirSync(folder, { recursive: true });
  return withLock({ path: path.join(folder, '.lock'), say: () => undefined }, async () => {
    if (existsSync(node)) return node;
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    const [command, ...args] = npmCommand();
    const options = ['install', '--no-save', '--ignore-scripts', `${name}@${version}`];
    const { code, output } = await run(command, [...args, ...options], { cwd: folder, quiet: true });
    if (code !== 0) throw new Error(`npm could not install Node ${version}:\n${output}`);
    return node;
  });
}
