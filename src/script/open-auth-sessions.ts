import process from 'node:process';
import { joinBroker, startBroker, type ScriptBroker } from './script-broker.js';
import { createOpenedAuthSessions, type OpenedAuthSessions } from './opened-auth-sessions.js';

/** Which suite, and where its sessions are used. */
export interface OpenAuthSessionsOptions {
  /** A Playwright config that uses `withAuthSessions`, or its folder. [the next one, from the working directory up] */
  readonly config?: string;
  /** The Playwright project whose base URL and browser options count. [the first; all base URLs] */
  readonly project?: string;
  /** Used instead of the projects' base URLs. */
  readonly baseURL?: string;
  /** Ends everything, and rejects what is pending with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the sessions of a suite outside of its tests: in a script, a crawler, a monitor or a `globalSetup`. It starts
 * the same broker as a run, with the same store, audit and redaction. During a Playwright run, it uses the run's broker.
 *
 * Standard output and standard error of this process are redacted from then on, and vault credentials are removed from
 * its environment.
 *
 * @example
 * await using sessions = await openAuthSessions();
 * const api = await sessions.request('admin');
 * await api.get('/api/orders');
 *
 * @throws AuthSessionsError `ERR_PLAYWRIGHT_CONFIG`, `ERR_USAGE`, `ERR_ENVIRONMENT_MISSING`, and what a run's start throws
 */
export async function openAuthSessions(options: OpenAuthSessionsOptions = {}): Promise<OpenedAuthSessions> {
  options.signal?.throwIfAborted();
  const broker: ScriptBroker = joinBroker(process.env) ?? (await startBroker(options));
  try {
    const opened = await createOpenedAuthSessions(broker, options);
    options.signal?.throwIfAborted();
    return opened;
  } catch (error) {
    await broker.end();
    throw error;
  }
}
