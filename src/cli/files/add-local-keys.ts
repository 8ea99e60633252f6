import { appendFile, chmod, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LocalKey } from '../../vault/local/local-keys.js';

/** Adds keys with empty values at the file's end. The file is its owner's alone: `true` when it was not before. */
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

/** On Windows the mode tells nothing. */
export async function isOpen(file: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0;
}

function format({ key, reference, usedAs }: LocalKey): string {
  const what = reference.kind === 'totp' ? ' (a Base32 seed, or an otpauth://totp/… URI)' : '';
  return `# ${usedAs.join(', ')}: ${reference.text}${what}\n${key}=''\n`;
}

const privateMode = 0o600;
const head =
  "# Local test credentials: for this machine alone, never for git. Quote values with ', or with ` where they have one.\n\n";
