import { createRequire } from 'node:module';
import path from 'node:path';
import { isCompiled } from '../../declaration/session-types.js';
import type { FileChange } from './file-change.js';
import type { FoundSessions } from './find-sessions.js';

/**
 * A `tsconfig.json` or `jsconfig.json` for new sessions, if there is none. Without one, an editor reads an open test
 * and its imports alone, so session names do not complete. Playwright's own scaffold writes none.
 */
export function compilerConfig(
  { sessionsFile, state }: FoundSessions,
  { folder, isTypeScript }: { readonly folder: string; readonly isTypeScript: boolean },
): FileChange | undefined {
  const file = path.resolve(folder, sessionsFile);
  const isBelow = !path.relative(folder, file).startsWith('..');
  if (state !== 'missing' || !isBelow || isCompiled(path.dirname(file))) return undefined;
  const name = isTypeScript ? 'tsconfig.json' : 'jsconfig.json';
  const after = isTypeScript ? typeScriptText(hasNodeTypes(folder)) : `{\n${comment}}\n`;
  return { file: path.join(folder, name), before: undefined, after };
}

/** As editors read such a folder by themselves, and with imports as Playwright resolves them. */
function typeScriptText(withNode: boolean): string {
  const options = [
    '"module": "preserve"',
    '"strict": true',
    '"noEmit": true',
    '"skipLibCheck": true',
    ...(withNode ? ['"types": ["node"]'] : []),
  ];
  const lines = options.map((option) => `    ${option}`).join(',\n');
  return `{\n${comment}  "compilerOptions": {\n${lines}\n  }\n}\n`;
}

/** A missing package in `types` would be an error in every file. */
function hasNodeTypes(folder: string): boolean {
  try {
    return createRequire(path.join(folder, 'package.json')).resolve('@types/node/package.json') !== '';
  } catch {
    return false;
  }
}

const comment =
  '  // Editors read the files of this folder as one project, so that session names complete.\n';
