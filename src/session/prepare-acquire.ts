import { createHmac, randomBytes } from 'node:crypto';
import type { SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { entryKey, nameInEntryKey } from '../core/entry-key.js';
import type { Clock, SessionPlace, SessionStore } from '../core/ports.js';
import type { CodeWaiting } from '../credentials/code-desk.js';
import type { CredentialsDesk } from '../credentials/credentials-desk.js';
import { createRuntimeCredentials, requireGoodSeed } from '../credentials/runtime-credentials.js';
import type { Redactor } from '../redaction/redactor.js';
import type { AcquireRequest } from './acquire-ports.js';

export interface PrepareAcquireOptions {
  readonly credentials: CredentialsDesk;
  readonly redactor: Redactor;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly codes: SuiteOptions['codes'];
  readonly fingerprintKey: Uint8Array;
  readonly onWait?: CodeWaiting | undefined;
}

/** Prepares a request for the pool. Parameters are those of a runtime session. */
export type PrepareAcquire = (
  session: DeclaredSession,
  place: SessionPlace,
  parameters: Record<string, string>,
) => AcquireRequest;

export function createPrepareAcquire({ credentials, ...others }: PrepareAcquireOptions): PrepareAcquire {
  const runtimeKey = randomBytes(32);
  return (session, place, parameters) => {
    const key = entryKey(session, session.baseURL ?? place.baseURL);
    if (session.type !== 'runtime')
      return { key, session, place, credentials: (why) => credentials.of(session, why) };
    const digest = createHmac('sha256', runtimeKey).update(JSON.stringify(Object.entries(parameters).sort()));
    const runtime = createRuntimeCredentials({ parameters, session, ...others });
    return {
      key: `${runtimePrefix}${key}-${digest.digest('hex').slice(0, 32)}`,
      session,
      place,
      credentials: () =>
        Promise.resolve().then(() => {
          requireGoodSeed(parameters, session.name);
          return runtime;
        }),
    };
  };
}

/** The session of the entry with this key. */
export function findSessionOfKey(
  sessions: ReadonlyMap<string, DeclaredSession>,
  key: string,
): DeclaredSession | undefined {
  const shared = isIsolated(key) ? key.slice(key.indexOf(idEnd, isolatedPrefix.length) + idEnd.length) : key;
  const isRuntime = shared.startsWith(runtimePrefix);
  const name = nameInEntryKey(isRuntime ? shared.slice(runtimePrefix.length) : shared);
  return sessions.get((isRuntime ? name && nameInEntryKey(name) : name) ?? '');
}

/** The key of a session that one test has for itself. The ID is the test's. */
export function isolatedKey(key: string, id: string): string {
  return `${isolatedPrefix}${id}${idEnd}${key}`;
}

/** Whether a session belongs to one test. */
export function isIsolated(key: string): boolean {
  return key.startsWith(isolatedPrefix);
}

/** Whether a session ends with the run or its test, so that its state is never stored. */
export function staysInMemory(key: string): boolean {
  return key.startsWith(runtimePrefix) || isIsolated(key);
}

/** No session's name begins with this, and no pool's account. */
const runtimePrefix = '_runtime-';
const isolatedPrefix = '_isolated-';
const idEnd = '_';
