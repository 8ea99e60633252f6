import type { Account } from './account.js';
import { checkCode, type CodeAnswer } from './one-time-code.js';
import { hashPassword, isPassword, type PasswordHash } from './password-hash.js';

/** Who may sign in, how often they did, and who is locked out. */
export interface AccountBook {
  readonly all: readonly Account[];
  find(email: string): Account | undefined;
  /** Counts the attempt; five wrong passwords in a row lock the account. */
  checkPassword(email: string, password: string): 'right' | 'wrong' | 'locked';
  /** Accepts each time step of an account at most once, and counts the sign-in. */
  acceptCode(account: Account, code: string): CodeAnswer['outcome'];
  signIns(email: string): number;
  attempts(email: string): number;
  isLocked(email: string): boolean;
  unlock(email: string): void;
  setPassword(email: string, password: string): void;
  /** By email: what has to outlive a restart. */
  acceptedSteps(): Readonly<Record<string, number>>;
  reset(): void;
}

export interface AccountBookOptions {
  readonly accounts: readonly Account[];
  readonly acceptedSteps: Readonly<Record<string, number>>;
  readonly nowMs: () => number;
  readonly onChange: () => void;
}

export function createAccountBook({
  accounts,
  acceptedSteps,
  nowMs,
  onChange,
}: AccountBookOptions): AccountBook {
  const open = (known: Readonly<Record<string, number>>) =>
    new Map(accounts.map((account) => [account.email, openEntry(account, known[account.email])]));
  let entries = open(acceptedSteps);

  function entryOf(email: string): Entry {
    const entry = entries.get(email);
    if (!entry)
      throw new TypeError(`There is no account "${email}". Known: ${[...entries.keys()].join(', ')}.`);
    return entry;
  }

  return {
    all: accounts,
    find: (email) => entries.get(email)?.account,
    checkPassword(email, password) {
      const entry = entries.get(email);
      if (entry) entry.attempts += 1;
      if (entry && entry.wrongPasswords >= passwordsUntilLocked) return 'locked';
      // Somebody unknown takes as long to refuse as somebody known.
      const isRight = isPassword(password, entry?.hash ?? nobody);
      if (!entry) return 'wrong';
      entry.wrongPasswords = isRight ? 0 : entry.wrongPasswords + 1;
      return isRight ? 'right' : 'wrong';
    },
    acceptCode(account, code) {
      const entry = entryOf(account.email);
      const answer = checkCode(code, account.totp, { nowMs: nowMs(), lastStep: entry.lastStep });
      if (answer.outcome !== 'accepted') return answer.outcome;
      entry.lastStep = answer.step;
      entry.signIns += 1;
      onChange();
      return 'accepted';
    },
    signIns: (email) => entryOf(email).signIns,
    attempts: (email) => entryOf(email).attempts,
    isLocked: (email) => entryOf(email).wrongPasswords >= passwordsUntilLocked,
    unlock: (email) => {
      entryOf(email).wrongPasswords = 0;
    },
    setPassword: (email, password) => {
      entryOf(email).hash = hashPassword(password);
    },
    acceptedSteps: () =>
      Object.fromEntries(
        [...entries].flatMap(([email, { lastStep }]) => (lastStep === undefined ? [] : [[email, lastStep]])),
      ),
    reset: () => {
      entries = open({});
      onChange();
    },
  };
}

interface Entry {
  readonly account: Account;
  hash: PasswordHash;
  lastStep: number | undefined;
  signIns: number;
  attempts: number;
  wrongPasswords: number;
}

function openEntry(account: Account, lastStep: number | undefined): Entry {
  return {
    account,
    hash: hashPassword(account.password),
    lastStep,
    signIns: 0,
    attempts: 0,
    wrongPasswords: 0,
  };
}

const passwordsUntilLocked = 5;
const nobody = hashPassword('nobody');
