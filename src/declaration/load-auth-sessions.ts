import path from 'node:path';
import type { AuthFlow } from '../core/auth-flow.js';
import { completeSession } from '../core/complete-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { poolOrName } from '../core/pool-account.js';
import type { LoadedFlow } from '../core/session-parameters.js';
import type { SuiteOptions } from '../core/suite-options.js';
import { validateDeclaration } from '../core/validate-declaration.js';
import { checkConnections } from './check-connections.js';
import { createLoader } from './create-loader.js';
import { expandAccounts } from './expand-accounts.js';
import { loadDeclaration } from './load-declaration.js';
import { loadFlow, noFlow } from './load-flow.js';
import { locateMailbox } from './locate-mailbox.js';
import { createPublicNames } from './public-names.js';
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

/** Collects our errors. The session has no flow until they are all reported. */
function keep(error: unknown, errors: AuthSessionsError[]): LoadedFlow {
  if (!(error instanceof AuthSessionsError)) throw error;
  errors.push(error);
  return noFlow;
}

function isMissing(error: unknown): boolean {
  return error instanceof AuthSessionsError && error.code === 'ERR_FLOW_MISSING';
}
