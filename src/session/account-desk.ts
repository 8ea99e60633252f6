import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, finalAnswerOf } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import type { Clock, RefusalStore, SessionPlace, SessionStore } from '../core/ports.js';
import type { Refusal, RefusalCode } from '../core/refusal.js';
import { explainSignInFailure } from '../flow/explain-sign-in-failure.js';
import { createMemoryRefusals } from '../store/memory-refusals.js';
import { explainEarlierRefusal, explainFinalAnswer, ttlOf } from './explain-refusal.js';
import type { Hold } from './hold.js';
import { createTurns } from './turns.js';
import { leaseMs, withLease } from './with-lease.js';

/** The account of a sign-in and its credentials. */
export interface AccountUse {
  /** Key of the session's entry in the store. */
  readonly key: string;
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  readonly values: Readonly<Record<string, string>>;
  /** Where each value came from, by parameter. [unknown] */
  readonly sources?: ReadonlyMap<string, string> | undefined;
  /** Receives notes that are not failures. */
  readonly note: (text: string) => void;
}

/** Prevents account lock-outs: rejected credentials are sent only once, by any session. */
export interface AccountDesk {
  /**
   * Runs `send`, unless the same values were rejected before. Until the account has accepted them once, its sessions
   * sign in one after another, in all processes: `send` then gets the hold on the account, and stops with it.
   *
   * @throws AuthSessionsError the earlier rejection and what ends it, `ERR_SESSION_BUSY`; and what `send` throws
   */
  signIn<Result>(use: AccountUse, send: (hold?: Hold) => Promise<Result>): Promise<Result>;
  /** Lets the session of this entry send rejected credentials once more, as the user asked. */
  allowRefused(key: string): void;
  /** Starts a new run in the same process: forgets what counts for one run only. */
  forgetFailures(): void;
}

export interface AccountDeskOptions {
  readonly store: SessionStore;
  readonly refusals: RefusalStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * A keyed digest, the same in all runs that share the store. Without the key, passwords cannot be tried against it.
   */
  readonly fingerprint: (text: string) => string;
  /** Failures of this run from before a restart. */
  readonly failures: ReadonlyMap<string, AuthSessionsError>;
  /** Called with each rejection that is not stored. */
  readonly onFailure: (key: string, error: AuthSessionsError) => void;
}

export function createAccountDesk(options: AccountDeskOptions): AccountDesk {
  const { store, refusals, clock, signal } = options;
  const turns = createTurns();
  const accepted = new Set<string>();
  const allowed = new Set<string>();
  /** By account, the one session that may send rejected credentials. */
  const allowedOf = new Map<string, string>();
  let ofRun = createMemoryRefusals({ clock });
  for (const [key, error] of options.failures) {
    const refusal = toRefusal(error, error.session ?? '?', clock.nowMs());
    if (refusal && key.startsWith(failurePrefix)) void ofRun.put(key.slice(failurePrefix.length), refusal);
  }

  async function look(account: string, { key, session, sources }: AccountUse): Promise<Refusal | undefined> {
    const kept = session.type === 'runtime' ? undefined : await refusals.get(account);
    const refusal = kept ?? (await ofRun.get(account));
    if (!refusal) return undefined;
    if (allowed.has(key) && !allowedOf.has(account)) allowedOf.set(account, key);
    if (allowed.has(key) && allowedOf.get(account) === key) return refusal;
    throw explainEarlierRefusal(refusal, { session, sources, nowMs: clock.nowMs() });
  }

  /** Returns `true` if later runs know it too. */
  async function keep(
    account: string,
    { key, session, note }: AccountUse,
    refusal: Refusal,
  ): Promise<boolean> {
    allowed.delete(key);
    accepted.delete(account);
    if (session.type !== 'runtime')
      try {
        await refusals.put(account, refusal);
        return true;
      } catch (error) {
        note(
          `the rejection is remembered for this run only, because it could not be stored: ${firstLine(error)}`,
        );
      }
    await ofRun.put(account, refusal);
    options.onFailure(`${failurePrefix}${account}`, toError(refusal));
    return false;
  }

  async function attempt<Result>(
    account: string | undefined,
    use: AccountUse,
    send: () => Promise<Result>,
  ): Promise<Result> {
    const { session, sources } = use;
    const earlier = account === undefined ? undefined : await look(account, use);
    try {
      const result = await send();
      if (account === undefined) return result;
      accepted.add(account);
      // If it cannot be removed, it expires later.
      if (earlier)
        await Promise.all([refusals.remove(account), ofRun.remove(account)]).catch(() => undefined);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const code = finalAnswerOf(error);
      if (code === undefined) throw error;
      const met = explainSignInFailure(error, session.name);
      const refusal = toRefusal(met, session.name, clock.nowMs());
      const isKept = refusal && account !== undefined && (await keep(account, use, refusal));
      throw explainFinalAnswer(met, code, { session, sources, isKept: isKept ?? false });
    }
  }

  return {
    async signIn(use, send) {
      const account = accountOf(use, options.fingerprint);
      const work = (hold?: Hold) => attempt(account, use, () => send(hold));
      if (account === undefined) return work();
      const name = `account:${account}`;
      const lease = { store, clock, signal, name, leaseMs, session: use.session.name };
      return turns.take(account, {
        isFree: () => accepted.has(account),
        alone: () => withLease(lease, (_, hold) => work(hold)),
        free: () => work(),
        signal,
      });
    },
    allowRefused: (key) => void allowed.add(key),
    forgetFailures() {
      ofRun = createMemoryRefusals({ clock });
    },
  };
}

/** Identifies the same values at the same origin, under any references and parameters. */
function accountOf(
  { session, place, values }: AccountUse,
  fingerprint: AccountDeskOptions['fingerprint'],
): string | undefined {
  const all = [...new Set(Object.values(values))].sort();
  if (all.length === 0) return undefined;
  const url = session.baseURL ?? place.baseURL ?? '';
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  return fingerprint(JSON.stringify(['account', origin, ...all]));
}

/** `undefined` if the error is not a rejection; asking for a person is not one. */
function toRefusal(error: AuthSessionsError, session: string, atMs: number): Refusal | undefined {
  const said = error.explanation.known ?? '';
  return isRefusal(error.code)
    ? { session, code: error.code, said, atMs, ttlMs: ttlOf(error.code, said) }
    : undefined;
}

function isRefusal(code: string): code is RefusalCode {
  return code === 'ERR_CREDENTIALS_REJECTED' || code === 'ERR_ACCOUNT_LOCKED';
}

function toError({ session, code, said }: Refusal): AuthSessionsError {
  const failed = `Session "${session}": the application rejected its credentials.`;
  return new AuthSessionsError(code, { failed, known: said, next: 'Check them.' }, { session });
}

const failurePrefix = 'account:';
