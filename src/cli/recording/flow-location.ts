import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FoundSuite } from '../suite/find-suite.js';
import { usageError } from '../terminal/usage-error.js';
import { childOf, childrenOf, parseStatements, textOf, type SyntaxNode } from './syntax.js';

/** How a module imports and exports: `import` and `export`, or `require` and `module.exports`. */
export type ModuleSyntax = 'import' | 'require';

/** Where a flow is written, and its path in the sessions file. */
export interface FlowLocation {
  readonly file: string;
  /** Value for a session's `flow`, relative to the sessions file. */
  readonly namedAs: string;
  /** The module to import `defineAuthFlow` from, as in the sessions file, but relative to the flow. */
  readonly importedFrom: string;
  readonly syntax: ModuleSyntax;
  readonly isTaken: boolean;
}

/**
 * `auth-flows/NAME.ts`, beside the sessions file when that is in a folder of this name; in its language.
 *
 * @throws AuthSessionsError `ERR_USAGE` for the name of the sessions file itself: what it declares would be lost
 */
export function flowLocationOf(
  name: string,
  { sessionsFile, folder }: Pick<FoundSuite, 'sessionsFile' | 'folder'>,
): FlowLocation {
  const beside = path.dirname(sessionsFile);
  const home = path.basename(beside) === flowsFolder ? beside : path.join(folder, flowsFolder);
  const file = path.join(home, `${name}${path.extname(sessionsFile)}`);
  if (file.toLowerCase() === sessionsFile.toLowerCase())
    throw usageError(
      `A flow of "${name}" would overwrite the sessions file.`,
      'Choose another name.',
      `It is ${file}`,
    );
  const { syntax, specifier } = importIn(sessionsFile);
  return {
    file,
    namedAs: asImport(path.relative(beside, file)),
    syntax,
    importedFrom: specifier === undefined ? packageName : seenFrom(home, specifier, beside),
    isTaken: existsSync(file),
  };
}

/** Another place with an unused name, to avoid overwriting a file. */
export function anotherLocation(place: FlowLocation, number: number): FlowLocation {
  const renamed = (file: string) => file.replace(/(\.\w+)$/, `-${number}$1`);
  return { ...place, file: renamed(place.file), namedAs: renamed(place.namedAs) };
}

function seenFrom(home: string, specifier: string, beside: string): string {
  return specifier.startsWith('.')
    ? asImport(path.relative(home, path.resolve(beside, specifier)))
    : specifier;
}

/** The import in the sessions file, and its syntax. If the file cannot be read, its extension decides. */
function importIn(sessionsFile: string): { syntax: ModuleSyntax; specifier: string | undefined } {
  try {
    const statements = parseStatements(readFileSync(sessionsFile, 'utf8'));
    const imports = statements.filter((one) => one.type === 'ImportDeclaration');
    const isModule = statements.some(({ type }) => /^(?:Import|Export)/.test(type));
    const imported = imports.find((one) => namesIn(one).includes(define));
    const specifier = isModule ? textOf(childOf(imported, 'source')) : requiredIn(statements);
    return { syntax: isModule ? 'import' : 'require', specifier };
  } catch {
    return { syntax: sessionsFile.endsWith('.cjs') ? 'require' : 'import', specifier: undefined };
  }
}

/** `const { defineAuthSessions } = require('…')` */
function requiredIn(statements: readonly SyntaxNode[]): string | undefined {
  const declarators = statements.flatMap((one) => childrenOf(one, 'declarations'));
  const found = declarators.find((one) =>
    childrenOf(childOf(one, 'id') ?? one, 'properties').some((two) => textOf(childOf(two, 'key')) === define),
  );
  const call = childOf(found, 'init');
  const isRequire = textOf(childOf(call, 'callee')) === 'require';
  return call && isRequire ? textOf(childrenOf(call, 'arguments')[0]) : undefined;
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
