import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives a fresh clone its local test credentials: the public accounts of the demo site. A file that is there
 * already is left as it is.
 *
 * @param {{ root: string, say?: (line: string) => void }} options
 */
export function ensureLocalCredentials({ root, say = console.log }) {
  const example = join(root, `${fileName}.example`);
  const target = join(root, fileName);
  if (existsSync(target) || !existsSync(example)) return;
  try {
    writeFileSync(target, readFileSync(example), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return; // another run was faster
    throw error;
  }
  chmodSync(target, 0o600); // with any umask
  say(`Wrote ${fileName} from ${fileName}.example: the public test accounts of the demo site.`);
}

const fileName = '.env.auth-sessions';
