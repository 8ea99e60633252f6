import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FoundProject } from '../find-project.js';
import { childOf, childrenOf, parseStatements, textOf, type SyntaxNode } from './syntax.js';

/** Where a flow is written, and how it is named there. */
export interface FlowPlace {
  readonly file: string;
  /** For a session's `flow`: relative to the sessions file. */
  readonly namedAs: string;
  /** What `defineAuthFlow` is imported from: what the sessions file imports from, seen from the flow. */
  readonly importedFrom: string;
  readonly isTaken: boolean;
}

/** `auth-flows/NAME.ts`, beside the sessions file when that is in a folder of this name; in its language. */
export function flowPlaceOf(
  name: string,
  { sessionsFile, folder }: Pick<FoundProject, 'sessionsFile' | 'folder'>,
): FlowPlace {
  const beside = path.dirname(sessionsFile);
  const home = path.basename(beside) === flowsFolder ? beside : path.join(folder, flowsFolder);
  const extension = /\.[cm]?ts$/.test(sessionsFile) ? '.ts' : '.js';
  const file = path.join(home, `${name}${extension}`);
  return {
    file,
    namedAs: asImport(path.relative(beside, file)),
    importedFrom: importOf(sessionsFile, home),
    isTaken: existsSync(file),
  };
}

/** A sessions file in CommonJS, or one that cannot be read, says nothing: then it is the package. */
function importOf(sessionsFile: string, home: string): string {
  const specifier = specifierIn(sessionsFile);
  if (!specifier?.startsWith('.')) return specifier ?? packageName;
  return asImport(path.relative(home, path.resolve(path.dirname(sessionsFile), specifier)));
}

function specifierIn(sessionsFile: string): string | undefined {
  try {
    const statements = parseStatements(readFileSync(sessionsFile, 'utf8'));
    const imported = statements.find(
      (one) => one.type === 'ImportDeclaration' && namesIn(one).includes(define),
    );
    return textOf(childOf(imported, 'source'));
  } catch {
    return undefined;
  }
}

function namesIn(declaration: SyntaxNode): readonly (string | undefined)[] {
  return childrenOf(declaration, 'specifiers').map((one) => textOf(childOf(one, 'imported')));
}

function asImport(relative: string): string {
  const posix = relative.replaceAll('\\', '/');
  return posix.startsWith('.') ? posix : `./${posix}`;
}

const flowsFolder = 'auth-flows';
const define = 'defineAuthSessions';
const packageName = 'playwright-auth-sessions';
