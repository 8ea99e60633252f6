import path from 'node:path';
import { above } from '../files/above.js';

/** A declaration file beside the sessions file, so that editors and compilers know the sessions. */
export interface SessionTypes {
  readonly file: string;
  readonly text: string;
}

/**
 * The types follow the sessions file by an import, so a new or renamed session is known at once, without a run. The
 * text depends on the file's name and place alone: it has no session in it, and no value.
 */
export function sessionTypesOf(sessionsFile: string): SessionTypes {
  const { dir, name, ext } = path.parse(sessionsFile);
  const kind = /^\.([cm])[jt]s$/.exec(ext)?.[1] ?? '';
  const root = above(dir, ['package.json']) ?? dir;
  const key = path.relative(root, sessionsFile).replaceAll('\\', '/');
  const lines = [
    head,
    '// Commit it. It follows the sessions file by itself. Changes to it are lost.',
    '/* eslint-disable */',
    '// prettier-ignore',
    "declare module 'playwright-auth-sessions' {",
    '  interface AuthSessionsFiles {',
    `    ${JSON.stringify(key)}: typeof import(${JSON.stringify(`./${name}.${kind}js`)});`,
    '  }',
    '}',
    'export {};',
  ];
  return { file: path.join(dir, `${name}.types.d.${kind}ts`), text: `${lines.join('\n')}\n` };
}

/** Whether a sessions file registers its sessions itself. */
export function registersSessions(sessionsText: string): boolean {
  return sessionsText.includes('AuthSessionsRegister');
}

/** Whether a compiler reads declaration files there: without a `tsconfig.json` it reads imported files alone. */
export function isCompiled(folder: string): boolean {
  return above(folder, ['tsconfig.json', 'jsconfig.json']) !== undefined;
}

/** Whether a file is ours to write, not another that has this name. */
export function isOwnSessionTypes(text: string): boolean {
  return text.startsWith(head);
}

const head =
  '// Written by playwright-auth-sessions: session names complete, and a misspelt one does not compile.';
