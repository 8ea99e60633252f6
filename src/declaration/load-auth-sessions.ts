import { access } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowFile, isAuthFlow, type AuthFlow } from '../core/auth-flow.js';
import type { AuthSessionDeclaration, AuthSessions, FlowSource } from '../core/auth-session.js';
import type { SuiteOptions } from '../core/suite-options.js';
import { completeSession } from '../core/complete-session.js';
import type { LoadedFlow } from '../core/session-parameters.js';
import { poolOrName } from '../core/pool-account.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { validateDeclaration } from '../core/validate-declaration.js';
import { checkConnections } from './check-connections.js';
import { expandAccounts } from './expand-accounts.js';
import { createLoader, type Loader } from './create-loader.js';
import { createPublicNames } from './public-names.js';
import { locateMailbox } from './locate-mailbox.js';
import { findSameAccounts } from './same-accounts.js';
import { createSourceDigests } from './source-digest.js';

/** A sessions file with its flows, loaded and validated. */
export interface LoadedAuthSessions {
  readonly options: SuiteOptions;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  /** The sessions file, the flows, and everything of the project that they import. */
  readonly files: ReadonlySet<string>;
}

/**
 * Loads a sessions file and its flows, TypeScript or JavaScript, without Playwright's compiler. Reports
 * all their errors at once.
 *
 * @throws AuthSessionsError `ERR_SESSIONS_FILE_MISSING`, `ERR_SESSIONS_FILE_BROKEN`, `ERR_CONFIG_INVALID`,
 *   `ERR_FLOW_MISSING`, `ERR_FLOW_BROKEN`, `ERR_REFERENCE_INVALID`
 */
export async function loadAuthSessions(
  file: string,
  variables: Readonly<Record<string, string | undefined>>,
  { flowToCome }: { readonly flowToCome?: string | undefined } = {},
): Promise<LoadedAuthSessions> {
  const loader = createLoader(file, { publicNames: createPublicNames() });
  const declaration = await loadDeclaration(file, loader);
  validateDeclaration(declaration, path.basename(file));
  const { digestOf, files } = createSourceDigests(loader.resolve);
  await digestOf(file);
  const errors: AuthSessionsError[] = [];
  const sessions = new Map<string, DeclaredSession>();
  for (const [name, session] of Object.entries(declaration.sessions)) {
    const loaded = await loadFlow(name, session, { file, loader, digestOf }).catch((error: unknown) =>
      name === flowToCome && isMissing(error) ? noFlow : keep(error, errors),
    );
    const expanded = expandAccounts(name, session, variables).map((one) => {
      const ownErrors: AuthSessionsError[] = [];
      const suiteWebsites = declaration.websites;
      const given = { ...one, loaded, errors: ownErrors, suiteWebsites };
      const complete = completeSession(one.name, one.declaration, given);
      const completed = locateMailbox(complete, file);
      sessions.set(one.name, completed);
      return { completed, ownErrors };
    });
    const ownErrors = expanded.flatMap((one) => one.ownErrors);
    errors.push(
      ...(ownErrors.length > 0 ? ownErrors : findSameAccounts(expanded.map(({ completed }) => completed))),
    );
  }
  errors.push(...checkConnections(sessions.values(), declaration));
  if (errors.length > 0) throw joinErrors(errors);
  return { options: declaration, sessions, files };
}

/** The `signedOut` functions of the flows, for a worker. Not validated: the broker has loaded the same file. */
export async function loadFlowOf(file: string, session: string): Promise<AuthFlow<string> | undefined> {
  const loader = createLoader(file);
  const declaration = await loadDeclaration(file, loader);
  const declared = declaration.sessions[poolOrName(session)];
  const { digestOf } = createSourceDigests(loader.resolve);
  return declared && (await loadFlow(session, declared, { file, loader, digestOf })).flow;
}

async function loadDeclaration(file: string, { load }: Loader): Promise<AuthSessions> {
  if (!(await exists(file)))
    throw new AuthSessionsError('ERR_SESSIONS_FILE_MISSING', {
      failed: `The sessions file ${file} does not exist.`,
      known: 'Its path in withAuthSessions is relative to the Playwright config.',
      next: 'Create it with defineAuthSessions, or fix the path.',
    });
  const module = await load(file).catch((cause: unknown) => {
    throw new AuthSessionsError(
      'ERR_SESSIONS_FILE_BROKEN',
      {
        failed: `The sessions file ${file} cannot be loaded.`,
        known: `${text(cause)}.`,
        next: 'Fix the error shown above.',
      },
      { cause },
    );
  });
  const declaration = defaultExport(module);
  if (typeof declaration !== 'object' || declaration === null || !('sessions' in declaration))
    throw new AuthSessionsError('ERR_SESSIONS_FILE_BROKEN', {
      failed: `The sessions file ${file} exports no sessions.`,
      known: 'Its default export is not a result of defineAuthSessions.',
      next: 'Write: export default defineAuthSessions({ sessions: { … } }).',
    });
  return declaration as AuthSessions;
}

interface LoadFlowOptions {
  readonly file: string;
  readonly loader: Loader;
  readonly digestOf: (file: string) => Promise<string>;
}

async function loadFlow(
  session: string,
  declaration: AuthSessionDeclaration,
  { file: sessionsFile, loader: { load }, digestOf }: LoadFlowOptions,
): Promise<LoadedFlow> {
  const source: FlowSource | undefined = declaration.flow;
  if (source === undefined) return noFlow;
  if (typeof source !== 'string')
    return {
      flow: source as AuthFlow<string>,
      digest: await digestOf(fileOf(source[flowFile], sessionsFile)),
    };
  const file = path.resolve(path.dirname(sessionsFile), source);
  if (!(await exists(file)))
    throw new AuthSessionsError(
      'ERR_FLOW_MISSING',
      {
        failed: `Session "${session}": its auth flow ${file} does not exist.`,
        known: 'The path is relative to the sessions file.',
        next: 'Fix the path, or create the file with defineAuthFlow.',
      },
      { session },
    );
  const flow = defaultExport(await load(file).catch((cause: unknown) => failFlow(session, file, cause)));
  if (!isAuthFlow(flow) || typeof flow.create !== 'function')
    throw new AuthSessionsError(
      'ERR_FLOW_BROKEN',
      {
        failed: `Session "${session}": ${file} exports no auth flow.`,
        known: 'Its default export is not a result of defineAuthFlow.',
        next: 'Write: export default defineAuthFlow({ async create({ page, credentials }) { … } }).',
      },
      { session },
    );
  return { flow, digest: await digestOf(file) };
}

function failFlow(session: string, file: string, cause: unknown): never {
  throw new AuthSessionsError(
    'ERR_FLOW_BROKEN',
    {
      failed: `Session "${session}": its auth flow ${file} cannot be loaded.`,
      known: `${text(cause)}.`,
      next: 'Fix the error shown above.',
    },
    { session, cause },
  );
}

/** Collects our errors. The session has no flow until they are all reported. */
function keep(error: unknown, errors: AuthSessionsError[]): LoadedFlow {
  if (!(error instanceof AuthSessionsError)) throw error;
  errors.push(error);
  return noFlow;
}

function isMissing(error: unknown): boolean {
  return error instanceof AuthSessionsError && error.code === 'ERR_FLOW_MISSING';
}

const noFlow: LoadedFlow = { flow: undefined, digest: 'none' };

function fileOf(name: string | undefined, fallback: string): string {
  if (name === undefined) return fallback;
  return name.startsWith('file:') ? fileURLToPath(name) : name;
}

/** Compilers wrap a default export once or twice. Some CommonJS modules are their own default, endlessly. */
function defaultExport(module: unknown): unknown {
  let value = module;
  for (let step = 0; step < maxDefaults; step += 1) {
    if (typeof value !== 'object' || value === null || !('default' in value)) break;
    value = value.default;
  }
  return value;
}

const maxDefaults = 5;

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The first lines show the place of the error. The rest is the compiler's own stack. */
function text(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n').slice(0, 3).join(' ').trim().replace(/\.$/, '');
}
