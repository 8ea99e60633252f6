import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { askIgnored } from '../files/git.js';
import type { FileChange } from './file-change.js';

/** Appends the missing lines to `.gitignore`. */
export async function ignoreChange(
  folder: string,
  outputs: readonly string[],
): Promise<FileChange | undefined> {
  const file = path.join(folder, '.gitignore');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const present = new Set((before ?? '').split(/\r?\n/).map(bare));
  const answers = await Promise.all(
    [...ignoreLines, ...outputs].map(async (line) => ({
      line,
      answer: await askIgnored(folder, path.join(folder, bare(line))),
    })),
  );
  const missing = answers.filter(({ line, answer }) => !present.has(bare(line)) && answer !== 'ignored');
  if (missing.length === 0) return undefined;
  const eol = before?.includes('\r\n') ? '\r\n' : '\n';
  const gap = before === undefined || before === '' ? '' : before.endsWith('\n') ? eol : eol + eol;
  const lines = [ignoreHead, ...missing.map(({ line }) => line), ''];
  return { file, before, after: (before ?? '') + gap + lines.join(eol) };
}

function bare(line: string): string {
  return line.trim().replace(/^\/|\/$/g, '');
}

const ignoreHead = '# sealed sessions, local test credentials, and output of runs';
const ignoreLines = ['/.auth-sessions/', '/.env.auth-sessions', '/reports/output/'];
