import { AuthSessionsError } from '../core/errors.js';
import type { FlowRunner } from '../core/ports.js';
import { signCountOf, signCountsPerUse, type SignCountStore } from '../core/sign-count.js';
import type { Passkey, StorageState } from '../core/storage-state.js';
import { staysInMemory } from './prepare-acquire.js';

/** Gives each use of a state signature counters that no other use can send. */
export interface PasskeyDesk {
  /**
   * The state with its passkeys at separate counters; the same state if it has none.
   * @throws AuthSessionsError `ERR_PASSKEY_COUNTER_SPENT`, and what the store throws
   */
  forUse(state: StorageState, of: { readonly key: string; readonly session: string }): Promise<StorageState>;
  /** The flows, with such a state for each sign-in, check and sign-out that starts from one. */
  flows(flows: FlowRunner, kept: KeptIn): FlowRunner;
}

/** `run`: of sessions that leave nothing in the store. */
export type KeptIn = 'store' | 'run';

export interface PasskeyDeskOptions {
  readonly counts: Readonly<Record<KeptIn, SignCountStore>>;
  /** A keyed digest, the same in all runs that share the store. */
  readonly fingerprint: (text: string) => string;
  /** Called with what the run's end says. */
  readonly onWarning: (warning: string) => void;
}

export function createPasskeyDesk({ counts, fingerprint, onWarning }: PasskeyDeskOptions): PasskeyDesk {
  async function reserve(passkey: Passkey, session: string, kept: KeptIn): Promise<Passkey> {
    const { id, rpId } = passkey;
    if (passkey.signCount === undefined) onWarning(noCounter(session));
    const range = { after: signCountOf(passkey), count: signCountsPerUse };
    const base = await counts[kept].reserve(fingerprint(`passkey ${JSON.stringify([rpId, id])}`), range);
    if (base === undefined) throw counterSpent(session, rpId);
    return { ...passkey, signCount: base };
  }

  async function fresh(state: StorageState, session: string, kept: KeptIn): Promise<StorageState> {
    const passkeys = state.playwright.credentials ?? [];
    if (passkeys.length === 0) return state;
    const credentials = await Promise.all(passkeys.map((one) => reserve(one, session, kept)));
    return { ...state, playwright: { ...state.playwright, credentials } };
  }

  return {
    forUse: async (state, { key, session }) => fresh(state, session, staysInMemory(key) ? 'run' : 'store'),
    flows(flows, kept) {
      const from = async ({ session: { name }, from: state }: FromJob) => fresh(state, name, kept);
      return {
        async create({ from: state, ...job }) {
          return flows.create({ ...job, from: state && (await from({ session: job.session, from: state })) });
        },
        check: async (job) => flows.check({ ...job, from: await from(job) }),
        destroy: async (job) => flows.destroy({ ...job, from: await from(job) }),
      };
    },
  };
}

type FromJob = Pick<Parameters<FlowRunner['check']>[0], 'session' | 'from'>;

function noCounter(session: string): string {
  return (
    `session "${session}": its passkey has no signature counter, because Playwright before 1.64 keeps none. ` +
    'Sites that compare counters reject it. Use Playwright 1.64 or later'
  );
}

function counterSpent(session: string, rpId: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_PASSKEY_COUNTER_SPENT',
    {
      failed: `Session "${session}": its passkey for "${rpId}" cannot sign any more.`,
      known: 'A signature counter has 32 bits, and all its values are used up.',
      next: 'Register a new passkey: remove the stored session, then run again.',
    },
    { session },
  );
}
