import { readFile } from 'node:fs/promises';
import { parse } from 'dotenv';
import { AuthSessionsError } from '../../core/errors.js';
import { decodeValues, plainKey } from './base64-values.js';

/**
 * Reads a dotenv file without touching the environment. dotenv passes over what it does not understand; here
 * that is an error, as a credential that is silently left out costs somebody an hour. A key that ends with `__base64` gives its
 * value in Base64: there any text can be written.
 *
 * `undefined` when the file is not there.
 * @throws AuthSessionsError `ERR_LOCAL_FILE_INVALID`, naming lines and never what is in them
 */
export async function readDotenv(file: string): Promise<Readonly<Record<string, string>> | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const { lines, troubles } = readLines(text);
  const values: Record<string, string> = {};
  for (const [key, value] of decodeValues(parse(text))) {
    const line = lines.get(plainKey(key));
    if (value !== undefined) values[plainKey(key)] = value;
    else troubles.push(`${line === undefined ? 'a line' : `line ${line}`} has no Base64 of a text`);
  }
  if (troubles.length === 0) return values;
  throw new AuthSessionsError('ERR_LOCAL_FILE_INVALID', {
    failed: `The local credentials file ${file} cannot be read.`,
    known: `${troubles.join('; ')}.`,
    next: 'Write each credential as KEY="value" on a line of its own; quote with \' a value that has " in it, and with ` one that has both. A value with all three quotes goes under KEY__base64, in Base64.',
  });
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT') return undefined;
    throw new AuthSessionsError('ERR_LOCAL_FILE_INVALID', {
      failed: `The local credentials file ${file} cannot be read.`,
      known: `The system says ${code}.`,
      next: 'Make it a file that you may read.',
    });
  }
}

/**
 * One assignment, with a quoted value that may go over lines; by dotenv's grammar, but with its quotes closed, and
 * with a space before a comment, so that a "#" cuts no unquoted value short.
 */
const assignment =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?:=|:[ \t])[ \t]*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^\s#'"`](?:[^\n#]*[ \t](?=#)|[^\n#]*(?=$))|)[ \t]*(?:#[^\n]*)?$/gm;

/** The line of each key, and what cannot be read. */
function readLines(text: string): { lines: ReadonlyMap<string, number>; troubles: string[] } {
  const troubles: string[] = [];
  const lines = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const seen = new Map<string, number>();
  const rest = lines.replaceAll(assignment, (found: string, written: string, offset: number) => {
    const key = plainKey(written);
    const line = lines.slice(0, offset).split('\n').length;
    const earlier = seen.get(key);
    if (earlier !== undefined) troubles.push(`${key} stands on line ${earlier} and again on line ${line}`);
    seen.set(key, line);
    return found.replaceAll(/[^\n]/g, '');
  });
  rest.split('\n').forEach((line, index) => {
    if (line.trim() !== '' && !line.trim().startsWith('#'))
      troubles.push(`line ${index + 1} is no KEY="value"`);
  });
  return { lines: seen, troubles };
}
