import { appendFile, chmod, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { keyToWrite } from '../../vault/local/local-key.js';
import type { LocalKey } from '../../vault/local/local-keys.js';

/** Appends keys with empty values. Makes the file readable only by its owner; returns `true` if it was not. */
export async function addLocalKeys(file: string, keys: readonly LocalKey[]): Promise<boolean> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const tightened = before !== undefined && (await isOpen(file));
  if (tightened) await chmod(file, privateMode);
  if (keys.length === 0 && before !== undefined) return tightened;
  await mkdir(path.dirname(file), { recursive: true });
  const gap = before === undefined ? head : before === '' || before.endsWith('\n') ? '\n' : '\n\n';
  await appendFile(file, gap + keys.map(format).join('\n'), { mode: privateMode });
  return tightened;
}

/** On Windows, the mode has no meaning. */
export async function isOpen(file: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  return platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0;
}

function format({ reference, usedAs, optional }: LocalKey): string {
  const seed = 'a Base32 seed, or an otpauth://totp/… URI';
  const what =
    reference.kind === 'totp' ? ` (${seed}${optional ? '; leave empty if there is none' : ''})` : '';
  return `# ${usedAs.join(', ')}: ${reference.text}${what}\n${keyToWrite(reference)}=''\n`;
}

const privateMode = 0o600;
const head =
  "# Local test credentials for this machine only. Do not commit. Quote values with ', or with ` if they contain '.\n\n";
