import type { DeclaredSession } from '../core/declared-session.js';
import type { EnvironmentDecision } from '../core/environment.js';
import type { SessionPlace } from '../core/ports.js';
import { publicUrl } from '../core/public-url.js';
import type { StorageState } from '../core/storage-state.js';
import type { CodeWaits } from '../credentials/code-waits.js';
import type { CredentialsDesk } from '../credentials/credentials-desk.js';
import { registerState } from '../flow/register-state.js';
import type { Redactor } from '../redaction/redactor.js';
import type { HoldDesk } from '../session/hold-desk.js';
import { isolatedKey, type PrepareAcquire } from '../session/prepare-acquire.js';
import type { PasskeyDesk } from '../session/passkey-desk.js';
import type { SessionPools } from '../session/session-pools.js';
import { acquiredAnswer } from './acquired-answer.js';
import { claimsOf, type AccountUses } from './account-uses.js';
import {
  accountsOf,
  checkParameters,
  findSession,
  requireCredentials,
  requireIsolable,
} from './find-session.js';
import type { TestHandlers } from './handlers-by-path.js';
import { createHeldSessionHandlers } from './held-session-handlers.js';
import { createToldFailures } from './told-failures.js';
import { createUncheckedFailures } from './unchecked-failures.js';
import type { UseLog } from './use-log.js';

export interface BrokerHandlersOptions {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  /** Workers load a flow's `signedOut` from it. */
  readonly sessionsFile: string;
  readonly decision: EnvironmentDecision;
  readonly credentials: CredentialsDesk;
  readonly prepare: PrepareAcquire;
  readonly pools: SessionPools;
  readonly passkeys: PasskeyDesk;
  readonly uses: UseLog;
  readonly holds: HoldDesk;
  readonly accountUses: AccountUses;
  readonly codeWaits: Pick<CodeWaits, 'sinceMs'>;
  readonly nowMs: () => number;
  readonly redactor: Redactor;
  /**
   * Called before a session is handed out, which need not sign in: registers values that are known without a request to
   * the vault, so that the worker knows them before a page shows them.
   */
  readonly registerFree: () => Promise<void>;
  /** Called with what the run's end says. */
  readonly onWarning: (warning: string) => void;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  /** Called with the place of each request for a session. */
  readonly onPlace: (place: SessionPlace) => void;
}

/** Everything that tests can request: sessions and credentials that the sessions file declares. */
export function createBrokerHandlers(options: BrokerHandlersOptions): TestHandlers {
  const { sessions, sessionsFile, decision, credentials, prepare } = options;
  const { pools, passkeys, uses, holds, accountUses, redactor, registerFree, signal, onPlace } = options;
  const { codeWaits, nowMs } = options;
  // A large state takes longer to search than to send. States are never changed, only replaced.
  const registered = new WeakSet<StorageState>();
  const told = createToldFailures();
  const unchecked = createUncheckedFailures(options.onWarning);
  const isSkipped = (name: string) => {
    const [first = findSession(sessions, name)] = accountsOf(sessions, name);
    return decision.environment === 'skip' && first.type === 'credentials';
  };
  return {
    async '/base-url'({ session: name }) {
      const [first = findSession(sessions, name)] = accountsOf(sessions, name);
      return Promise.resolve({ baseURL: first.baseURL, claims: claimsOf(first) });
    },
    async '/use'(message, caller) {
      if (isSkipped(message.session)) return { skip: decision.why };
      return accountUses.take(message, caller?.worker);
    },
    async '/end-use'({ uses: ended }) {
      await accountUses.end(ended);
      return {};
    },
    async '/acquire'(message, caller) {
      const { session: name, place, parameters, isolated, asker, isRetry, uses: held = [] } = message;
      const [first = findSession(sessions, name)] = accountsOf(sessions, name);
      checkParameters(first, parameters);
      if (isolated !== undefined) requireIsolable(first);
      if (isSkipped(name)) return { skip: decision.why };
      const session = await accountUses.sessionOf(name, held, caller);
      onPlace(place);
      const use = await accountUses.requireUse(session, held, caller);
      const shared = { ...prepare(session, place, { ...parameters }), isRetry };
      const request = isolated === undefined ? shared : { ...shared, key: isolatedKey(shared.key, isolated) };
      const ask = { session: session.name, baseURL: publicUrl(session.baseURL ?? place.baseURL), asker };
      for (const id of holds.lost(request.key))
        await pools
          .of(request.key)
          .suspect(request.key, id, { why: 'lost', session })
          .catch(() => undefined);
      const askedAtMs = nowMs();
      const acquired = await uses
        .record(ask, () => pools.of(request.key).acquire(request))
        .catch((error: unknown) => {
          throw told.forTest(error, asker?.test);
        });
      const codeWaitMs = codeWaits.sinceMs(session.name, askedAtMs);
      await registerFree();
      const { state } = acquired.record;
      unchecked.handedOut(acquired.record.id, acquired.outcome);
      if (!registered.has(state)) registerState(state, session.name, redactor);
      registered.add(state);
      const forUse = await passkeys.forUse(state, { key: request.key, session: session.name });
      if (session.exclusive)
        await pools.of(request.key).handOut(request, acquired.record, accountUses.isHeld(use, caller));
      const { worker } = caller ?? {};
      const handle = { key: request.key, id: acquired.record.id };
      const hold = session.writeBack === 'test' && worker ? holds.take(handle, worker) : undefined;
      return { ...acquiredAnswer(acquired, request, sessionsFile), state: forUse, hold, use, codeWaitMs };
    },
    async '/credentials'({ session: name, uses: held = [] }, caller) {
      if (isSkipped(name)) return { skip: decision.why };
      const session = requireCredentials(await accountUses.sessionOf(name, held, caller));
      const { values } = await credentials.of(session, 'test');
      return { values, hasCode: session.code !== undefined };
    },
    async '/code'({ session: name, uses: held = [] }, caller) {
      const session = requireCredentials(await accountUses.sessionOf(name, held, caller));
      const { nextCode } = await credentials.of(session, 'test');
      return { code: await nextCode(signal) };
    },
    ...createHeldSessionHandlers({ ...options, unchecked }),
  };
}
