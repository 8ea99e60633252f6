import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowFile, isAuthFlow, type AuthFlow } from '../core/auth-flow.js';
import type { AuthSessionDeclaration, FlowSource } from '../core/auth-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { LoadedFlow } from '../core/session-parameters.js';
import type { Loader } from './create-loader.js';
import { loadDefault } from './load-default.js';

export interface LoadFlowOptions {
  /** The sessions file. */
  readonly file: string;
  readonly loader: Loader;
  readonly digestOf: (file: string) => Promise<string>;
}

/**
 * A session's flow: loaded from its file, or as the sessions file imports it.
 *
 * @throws AuthSessionsError `ERR_FLOW_MISSING`, `ERR_FLOW_BROKEN`
 */
export async function loadFlow(
  session: string,
  declaration: AuthSessionDeclaration,
  { file: sessionsFile, loader, digestOf }: LoadFlowOptions,
): Promise<LoadedFlow> {
  const source: FlowSource | undefined = declaration.flow;
  if (source === undefined) return noFlow;
  if (typeof source !== 'string')
    return {
      flow: source as AuthFlow<string>,
      digest: await digestOf(fileOf(source[flowFile], sessionsFile)),
    };
  const file = path.resolve(path.dirname(sessionsFile), source);
  const loaded = await loadDefault(file, loader);
  if ('isMissing' in loaded)
    throw new AuthSessionsError(
      'ERR_FLOW_MISSING',
      {
        failed: `Session "${session}": its auth flow ${file} does not exist.`,
        known: 'The path is relative to the sessions file.',
        next: 'Fix the path, or create the file with defineAuthFlow.',
      },
      { session },
    );
  if ('cause' in loaded)
    throw new AuthSessionsError(
      'ERR_FLOW_BROKEN',
      {
        failed: `Session "${session}": its auth flow ${file} cannot be loaded.`,
        known: loaded.why,
        next: 'Fix the error shown above.',
      },
      { session, cause: loaded.cause },
    );
  const flow = loaded.value;
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

function fileOf(name: string | undefined, fallback: string): string {
  if (name === undefined) return fallback;
  return name.startsWith('file:') ? fileURLToPath(name) : name;
}

/** A session without a flow. */
export const noFlow: LoadedFlow = { flow: undefined, digest: 'none' };
