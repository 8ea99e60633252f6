import { readFile } from 'node:fs/promises';
import { parse } from 'dotenv';
import { AuthSessionsError } from '../../core/errors.js';
import { decodeValues, plainLocalKey, type LocalValue } from './base64-values.js';

/**
 * Reads a dotenv file without changing the environment. dotenv skips invalid lines; here they are errors, because a
 * missing credential is hard to find. A key that ends with `__base64` has its value in Base64, which can encode any
 * text, and the bytes of a file.
 *
 * `undefined` when the file is not there.
 * @throws AuthSessionsError `ERR_LOCAL_FILE_INVALID`, naming lines and never what is in them
 */
export async function readDotenv(file: string): Promise<Readonly<Record<string, LocalValue>> | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const { lines, troubles } = readLines(text);
  const values: Record<string, LocalValue> = {};
  for (const [key, value] of decodeValues(parse(text))) {
    const line = lines.get(plainLocalKey(key));
    if (value !== undefined) values[plainLocalKey(key)] = value;
    else troubles.push(`${line === undefined ? 'a line' : `line ${line}`} is not Base64`);
  }
  if (troubles.length === 0) return values;
  throw new AuthSessionsError('ERR_LOCAL_FILE_INVALID', {
    failed: `The local credentials file ${file} cannot be read.`,
    known: `${troubles.join('; ')}.`,
    next: 'Write one KEY="value" per line. Quote a value that contains " with \', and one that contains both with `. Write a value with all three quotes, or a file, in Base64, as KEY__base64.',
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
      known: `The system reported ${code}.`,
      next: 'Make it a file that you can read.',
    });
  }
}

/**
 * One assignment, with a quoted value that may span lines. Stricter than dotenv: quotes must be closed, and a comment
 * needs a space before it, so that "#" does not cut off an unquoted value.
 */
const assignment =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?:=|:[ \t])[ \t]*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^\s#'"`](?:[^\n#]*[ \t](?=#)|[^\n#]*(?=$))|)[ \t]*(?:#[^\n]*)?$/gm;

/** The line of each key, and lines that cannot be read. */
function readLines(text: string): { lines: ReadonlyMap<string, number>; troubles: string[] } {
  const troubles: string[] = [];
  const lines = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const seen = new Map<string, number>();
  const rest = lines.replaceAll(assignment, (found: string, written: string, offset: number) => {
    const key = plainLocalKey(written);
    const line = lines.slice(0, offset).split('\n').length;
    const earlier = seen.get(key);
    if (earlier !== undefined) troubles.push(`${key} is on line ${earlier} and again on line ${line}`);
    seen.set(key, line);
    return found.replaceAll(/[^\n]/g, '');
  });
  rest.split('\n').forEach((line, index) => {
    if (line.trim() !== '' && !line.trim().startsWith('#'))
      troubles.push(`line ${index + 1} is not KEY="value"`);
  });
  return { lines: seen, troubles };
}
