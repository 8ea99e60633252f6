import { randomBytes } from 'node:crypto';

/** What a simulated sign-in sends. */
export interface SignInAttempt {
  readonly account: string;
  readonly code: string;
  /** The broker's process ID. */
  readonly broker: number;
}

/** One sign-in of a session, until the site ends it. */
export interface Life extends SignInAttempt {
  readonly id: string;
  readonly session: string;
  readonly atMs: number;
  isAlive: boolean;
  /** When a worker got it first: it was in the store by then. */
  receivedMs?: number;
}

/** Watches sign-ins, and knows what must never happen. */
export interface Judge {
  signIn(session: string, attempt: SignInAttempt): Life;
  find(id: string): Life | undefined;
  /** A worker uses the state of a sign-in. Whether it is signed in. */
  use(id: string): boolean;
  end(id: string): void;
  /** A worker says that it has an account of the pool now, and when it is about to give it back. */
  holdAccount(account: number, by: string): void;
  releaseAccount(account: number, by: string): void;
  /** This broker is about to be killed: a sign-in that nobody got may be lost with it. */
  brokerKilled(pid: number): void;
  /** The store may have lost what was written since. */
  storeLost(since: { readonly sinceMs: number }): void;
  readonly signIns: number;
  /** Uses of a session that was signed in. */
  readonly uses: number;
  /** Second sign-ins of one life that a killed broker or a store that lost its data explains. */
  readonly excused: number;
  readonly violations: readonly string[];
}

export interface JudgeOptions {
  readonly nowMs?: () => number;
  /** A code of the same account is the same code within this time. [60000] */
  readonly codeLifeMs?: number;
}

/** Exactly one sign-in for each life of a session, and no code twice. */
export function createJudge({ nowMs = Date.now, codeLifeMs = 60_000 }: JudgeOptions = {}): Judge {
  const lives = new Map<string, Life>();
  const latest = new Map<string, Life>();
  const codes = new Map<string, number>();
  const killed = new Set<number>();
  const holders = new Map<number, { readonly by: string; readonly atMs: number }>();
  const violations: string[] = [];
  let lostSinceMs = Infinity;
  let lostAtMs = -Infinity;
  let excused = 0;
  let uses = 0;

  const isLost = (atMs: number) => atMs >= lostSinceMs && atMs <= lostAtMs;
  const isExplained = ({ broker, receivedMs = Infinity, atMs }: Life) =>
    (killed.has(broker) && receivedMs === Infinity) || (receivedMs >= lostSinceMs && atMs <= lostAtMs);

  function judgeSignIn(session: string): void {
    const before = latest.get(session);
    if (!before?.isAlive) return;
    if (isExplained(before)) excused += 1;
    else violations.push(`"${session}" was signed in again although its sign-in was alive`);
  }

  function judgeCode({ account, code }: SignInAttempt): void {
    const usedMs = codes.get(`${account} ${code}`);
    if (usedMs !== undefined && nowMs() - usedMs < codeLifeMs) {
      if (isLost(usedMs)) excused += 1;
      else violations.push(`a code of "${account}" was used twice`);
    }
    codes.set(`${account} ${code}`, nowMs());
  }

  return {
    signIn(session, attempt) {
      judgeSignIn(session);
      judgeCode(attempt);
      const id = randomBytes(16).toString('hex');
      const life: Life = { ...attempt, id, session, atMs: nowMs(), isAlive: true };
      lives.set(id, life);
      latest.set(session, life);
      return life;
    },
    find: (id) => lives.get(id),
    use(id) {
      const life = lives.get(id);
      if (!life) {
        violations.push('a worker got a state of no sign-in');
        return false;
      }
      life.receivedMs ??= nowMs();
      if (life.isAlive) uses += 1;
      return life.isAlive;
    },
    end(id) {
      const life = lives.get(id);
      if (life) life.isAlive = false;
    },
    holdAccount(account, by) {
      const holder = holders.get(account);
      if (holder && holder.by !== by) {
        if (isLost(holder.atMs)) excused += 1;
        else violations.push(`account ${account} of the pool was held twice`);
      }
      holders.set(account, { by, atMs: nowMs() });
    },
    releaseAccount(account, by) {
      if (holders.get(account)?.by === by) holders.delete(account);
    },
    brokerKilled: (pid) => void killed.add(pid),
    storeLost({ sinceMs }) {
      lostSinceMs = sinceMs;
      lostAtMs = nowMs();
    },
    get signIns() {
      return lives.size;
    },
    get uses() {
      return uses;
    },
    get excused() {
      return excused;
    },
    violations,
  };
}
