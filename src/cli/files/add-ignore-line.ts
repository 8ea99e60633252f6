import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { askIgnored } from './git.js';

/**
 * Adds a file to `.gitignore`. Returns `outside` if the folder's `.gitignore` cannot name it. Does nothing without Git.
 */
export async function addIgnoreLine(
  file: string,
  folder: string,
): Promise<'ignored' | 'added' | 'outside' | 'no repository'> {
  const answer = await askIgnored(folder, file);
  if (answer !== 'not ignored') return answer;
  const relative = path.relative(folder, file).replaceAll('\\', '/');
  if (relative.startsWith('..')) return 'outside';
  const ignoreFile = path.join(folder, '.gitignore');
  const before = await readFile(ignoreFile, 'utf8').catch(() => '');
  await appendFile(ignoreFile, `${before === '' || before.endsWith('\n') ? '' : '\n'}/${relative}\n`);
  return 'added';
}
