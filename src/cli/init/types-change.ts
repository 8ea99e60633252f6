import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  isCompiled,
  isOwnSessionTypes,
  registersSessions,
  sessionTypesOf,
} from '../../declaration/session-types.js';
import type { FileChange } from './file-change.js';
import type { FoundSessions } from './find-sessions.js';

/** The declaration file beside the sessions file. Sessions that nothing compiles need none. */
export async function typesChange(
  { sessionsFile, state }: FoundSessions,
  { folder, willCompile }: { readonly folder: string; readonly willCompile: boolean },
): Promise<FileChange | undefined> {
  if (state === 'unseen') return undefined;
  const file = path.resolve(folder, sessionsFile);
  if (!willCompile && !isCompiled(path.dirname(file))) return undefined;
  if (state === 'there' && registersSessions(await readFile(file, 'utf8'))) return undefined;
  const types = sessionTypesOf(file);
  const before = await readFile(types.file, 'utf8').catch(() => undefined);
  if (before === types.text || (before !== undefined && !isOwnSessionTypes(before))) return undefined;
  return { file: types.file, before, after: types.text };
}
