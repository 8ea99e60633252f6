import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../run/command.mjs';
import { npmCommand } from '../../run/packages.mjs';

/**
 * A package's tarball without asking anybody: from npm's cache, which keeps contents by their digest, else packed
 * from the folder it is installed in. `undefined` for one that is not installed, being for another system.
 *
 * @param integrity as in a lock file: `sha512-…`
 */
export async function cachedTarball(
  integrity: string | undefined,
  folder: string,
): Promise<Buffer | undefined> {
  const [algorithm = '', digest = ''] = integrity?.split('-') ?? [];
  const hex = Buffer.from(digest, 'base64').toString('hex');
  const cached = path.join(npmCache(), algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  if (hex !== '' && existsSync(cached)) return readFile(cached);
  return existsSync(folder) ? pack(folder) : undefined;
}

function npmCache(): string {
  const usual =
    process.platform === 'win32'
      ? path.join(process.env.LOCALAPPDATA ?? homedir(), 'npm-cache')
      : path.join(homedir(), '.npm');
  return path.join(process.env.npm_config_cache ?? usual, '_cacache', 'content-v2');
}

async function pack(folder: string): Promise<Buffer> {
  const target = await mkdtemp(path.join(tmpdir(), 'auth-sessions-pack-'));
  try {
    const [command, ...args] = npmCommand();
    const options = ['pack', folder, '--silent', '--ignore-scripts', '--pack-destination', target];
    const { output } = await run(command, [...args, ...options], { cwd: target, quiet: true });
    const [name] = await readdir(target);
    if (name === undefined) throw new Error(`"npm pack ${folder}" gave nothing: ${output}`);
    return await readFile(path.join(target, name));
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}
