import { access } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';
import { flowFile, isAuthFlow, type AuthFlow } from '../core/auth-flow.js';
import type {
  AuthSessionDeclaration,
  AuthSessions,
  FlowSource,
  ProjectOptions,
} from '../core/auth-session.js';
import { completeSession, type DeclaredSession, type LoadedFlow } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { validateDeclaration } from '../core/validate-declaration.js';
import { sourceDigest } from './source-digest.js';

/** A sessions file and everything it names, loaded and checked. */
export interface LoadedAuthSessions {
  readonly options: ProjectOptions;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
}

/**
 * Loads a sessions file and its flows, TypeScript or JavaScript, outside Playwright's own compiler. What is wrong
 * with any of them is told at once.
 *
 * @throws AuthSessionsError `ERR_SESSIONS_FILE_MISSING`, `ERR_SESSIONS_FILE_BROKEN`, `ERR_CONFIG_INVALID`,
 *   `ERR_FLOW_MISSING`, `ERR_FLOW_BROKEN`, `ERR_REFERENCE_INVALID`
 */
export async function loadAuthSessions(
  file: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<LoadedAuthSessions> {
  const load = createLoader(file);
  const declaration = await loadDeclaration(file, load);
  validateDeclaration(declaration, path.basename(file));
  const errors: AuthSessionsError[] = [];
  const sessions = new Map<string, DeclaredSession>();
  for (const [name, session] of Object.entries(declaration.sessions)) {
    const loaded = await loadFlow(name, session, file, load).catch((error: unknown) => keep(error, errors));
    const ownErrors: AuthSessionsError[] = [];
    sessions.set(name, completeSession(name, session, loaded, { variables, errors: ownErrors }));
    errors.push(...ownErrors);
  }
  if (errors.length > 0) throw joinErrors(errors);
  return { options: declaration, sessions };
}

/**
 * The signed-out predicates of a sessions file's flows, for a worker. Nothing is checked again: the broker has
 * loaded the same file.
 */
export async function loadFlowOf(file: string, session: string): Promise<AuthFlow<string> | undefined> {
  const load = createLoader(file);
  const declaration = await loadDeclaration(file, load);
  const declared = declaration.sessions[session];
  return declared && (await loadFlow(session, declared, file, load)).flow;
}

type Load = (file: string) => Promise<unknown>;

/**
 * Without a cache on disk: a run leaves nothing behind. Where this package is itself TypeScript, in its own
 * repository, a flow's import of it brings all of it along, and that is worth keeping compiled.
 */
function createLoader(file: string): Load {
  const ownCache = fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url));
  const fsCache = import.meta.url.endsWith('.ts') ? ownCache : false;
  const jiti = createJiti(file, { fsCache, interopDefault: false, tsconfigPaths: true });
  return (module) => jiti.import(module);
}

async function loadDeclaration(file: string, load: Load): Promise<AuthSessions> {
  if (!(await exists(file)))
    throw new AuthSessionsError('ERR_SESSIONS_FILE_MISSING', {
      failed: `The sessions file ${file} is not there.`,
      known: 'withAuthSessions names it, relative to the Playwright config.',
      next: 'Create it with defineAuthSessions, or mend the path.',
    });
  const module = await load(file).catch((cause: unknown) => {
    throw new AuthSessionsError(
      'ERR_SESSIONS_FILE_BROKEN',
      {
        failed: `The sessions file ${file} cannot be loaded.`,
        known: `${text(cause)}.`,
        next: 'Mend the file.',
      },
      { cause },
    );
  });
  const declaration = defaultExport(module);
  if (typeof declaration !== 'object' || declaration === null || !('sessions' in declaration))
    throw new AuthSessionsError('ERR_SESSIONS_FILE_BROKEN', {
      failed: `The sessions file ${file} exports no sessions.`,
      known: 'Its default export is not what defineAuthSessions gives.',
      next: 'Write: export default defineAuthSessions({ sessions: { … } }).',
    });
  return declaration as AuthSessions;
}

async function loadFlow(
  session: string,
  declaration: AuthSessionDeclaration,
  sessionsFile: string,
  load: Load,
): Promise<LoadedFlow> {
  const source: FlowSource | undefined = declaration.flow;
  if (source === undefined) return { flow: undefined, digest: 'none' };
  if (typeof source !== 'string')
    return {
      flow: source as AuthFlow<string>,
      digest: await sourceDigest(fileOf(source[flowFile], sessionsFile)),
    };
  const file = path.resolve(path.dirname(sessionsFile), source);
  if (!(await exists(file)))
    throw new AuthSessionsError(
      'ERR_FLOW_MISSING',
      {
        failed: `Session "${session}": its auth flow ${file} is not there.`,
        known: 'A flow is named relative to the sessions file.',
        next: 'Mend the path, or create the file with defineAuthFlow.',
      },
      { session },
    );
  const flow = defaultExport(await load(file).catch((cause: unknown) => failFlow(session, file, cause)));
  if (!isAuthFlow(flow) || typeof flow.create !== 'function')
    throw new AuthSessionsError(
      'ERR_FLOW_BROKEN',
      {
        failed: `Session "${session}": ${file} exports no auth flow.`,
        known: 'Its default export is not what defineAuthFlow gives.',
        next: 'Write: export default defineAuthFlow({ async create({ page, credentials }) { … } }).',
      },
      { session },
    );
  return { flow, digest: await sourceDigest(file) };
}

function failFlow(session: string, file: string, cause: unknown): never {
  throw new AuthSessionsError(
    'ERR_FLOW_BROKEN',
    {
      failed: `Session "${session}": its auth flow ${file} cannot be loaded.`,
      known: `${text(cause)}.`,
      next: 'Mend the file.',
    },
    { session, cause },
  );
}

/** Errors of ours are collected; the session stands in without a flow until all of them are told. */
function keep(error: unknown, errors: AuthSessionsError[]): LoadedFlow {
  if (!(error instanceof AuthSessionsError)) throw error;
  errors.push(error);
  return { flow: undefined, digest: 'none' };
}

function fileOf(name: string | undefined, fallback: string): string {
  if (name === undefined) return fallback;
  return name.startsWith('file:') ? fileURLToPath(name) : name;
}

function defaultExport(module: unknown): unknown {
  let value = module;
  while (typeof value === 'object' && value !== null && 'default' in value) value = value.default;
  return value;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The compiler's first lines say where; the rest is its own stack. */
function text(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n').slice(0, 3).join(' ').trim().replace(/\.$/, '');
}
