import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { nameInEntryKey } from '../../core/entry-key.js';
import { readTextFile, unusableFile } from './read-text-file.js';

/** A sealed session in a pack. Its seal covers the key, and the state's times are in what is sealed. */
export interface PackedSession {
  readonly name: string;
  /** Key of its entry in a store. */
  readonly key: string;
  readonly signedInAt: string;
  readonly expiresAt: string;
  readonly sealed: string;
}

/**
 * Writes a file with sealed sessions, for this user only (0600). Names and times are readable; states are not. It
 * replaces an earlier pack, and no other file.
 *
 * @throws AuthSessionsError `ERR_FILE_UNUSABLE`
 */
export async function writePack(file: string, sessions: readonly PackedSession[]): Promise<void> {
  const before = await readTextFile(file, { maxBytes, whenLarger: 'Pack fewer sessions.' });
  if (before !== undefined && !isPack(before))
    throw unusableFile(file, 'It exists, and is not a pack.', 'Name another file.');
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const text = `${JSON.stringify({ format, version, sessions }, null, 2)}\n`;
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Reads what `writePack` has written. Until a session is opened, nothing in it is certain.
 *
 * @throws AuthSessionsError `ERR_FILE_UNUSABLE`
 */
export async function readPack(file: string): Promise<readonly PackedSession[]> {
  const text = await readTextFile(file, { maxBytes, whenLarger: 'Pack fewer sessions.' });
  if (text === undefined) throw unusableFile(file, 'There is no such file.', 'Check the path.');
  const parsed = parseJson(text);
  if (!isPack(text)) throw unusableFile(file, 'It is not a pack.', 'Name a file that pack has written.');
  if (!v.is(v.looseObject({ version: v.literal(version) }), parsed))
    throw unusableFile(file, 'A newer version has written it.', 'Install the same version of this package.');
  const pack = v.safeParse(packSchema, parsed);
  if (!pack.success) throw unusableFile(file, 'It is damaged.', 'Pack the sessions again.');
  return pack.output.sessions;
}

function isPack(text: string): boolean {
  return v.is(v.looseObject({ format: v.literal(format) }), parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const format = 'playwright-auth-sessions pack';
const version = 1;
const maxBytes = 256 * 1024 * 1024;

const time = v.pipe(v.string(), v.isoTimestamp());
/** Keys become file names: only those of `entryKey` count, each once. */
const sessionSchema = v.pipe(
  v.strictObject({
    name: v.string(),
    key: v.string(),
    signedInAt: time,
    expiresAt: time,
    sealed: v.string(),
  }),
  v.check(({ name, key }) => /^[A-Za-z0-9._-]{1,200}$/.test(key) && nameInEntryKey(key) === name),
);
const packSchema = v.strictObject({
  format: v.literal(format),
  version: v.literal(version),
  sessions: v.pipe(
    v.array(sessionSchema),
    v.maxLength(10_000),
    v.check((sessions) => new Set(sessions.map(({ key }) => key)).size === sessions.length),
  ),
});
