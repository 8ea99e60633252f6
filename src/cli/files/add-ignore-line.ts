import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { askIgnored } from './git.js';

/** Has git ignore a file: `outside` when the folder's `.gitignore` cannot name it. Nothing is done without git. */
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
