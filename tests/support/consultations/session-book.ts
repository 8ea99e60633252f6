import type { SessionStore } from '@fastify/session';
import type { Session } from 'fastify';

/** One completed sign-in. Its cookie may change; it stays. */
export interface SignIn {
  readonly id: string;
  readonly email: string;
  readonly startedAtMs: number;
  /** What the page's script keeps in localStorage and sends as a bearer token. */
  readonly apiToken: string;
  /** Until a page has handed the token out. */
  readonly isNew: boolean;
}

/** A password that was right, waiting for its code. */
export interface PendingSignIn {
  readonly email: string;
  readonly next: string;
  readonly wrongCodes: number;
}

declare module 'fastify' {
  interface Session {
    signIn?: SignIn;
    pending?: PendingSignIn;
  }
}

/** One value of the session cookie, and what it stands for. */
export interface SessionEntry {
  readonly data: Session;
  readonly startedAtMs: number;
  /** When the cookie was replaced: the moment from which this value is refused. */
  readonly refusedFromMs?: number;
}

export type SavedSessions = readonly (readonly [id: string, entry: SessionEntry])[];

/** The sessions on the server; every value of the session cookie that it still takes. */
export interface SessionBook {
  readonly store: SessionStore;
  /** The live sign-ins, each once. */
  signIns(): readonly SignIn[];
  /** Ends sign-ins, with all values of their cookies. */
  end(matches: (signIn: SignIn) => boolean): void;
  /** Lets a cookie value go on for a grace period only; `false` when it was on its way out already. */
  retire(id: string, graceSeconds: number): boolean;
  /** Signed-in ones: what has to outlive a restart. */
  saved(): SavedSessions;
  reset(): void;
}

export interface SessionBookOptions {
  readonly saved: SavedSessions;
  readonly lifeSeconds: number;
  readonly nowMs: () => number;
  readonly onChange: () => void;
}

export function createSessionBook({ saved, lifeSeconds, nowMs, onChange }: SessionBookOptions): SessionBook {
  const entries = new Map(saved);

  function isLive({ data, startedAtMs, refusedFromMs = Infinity }: SessionEntry): boolean {
    const now = nowMs();
    const lifeMs = data.signIn ? lifeSeconds * 1000 : anonymousLifeMs;
    return now < refusedFromMs && now < (data.signIn?.startedAtMs ?? startedAtMs) + lifeMs;
  }

  function remove(matches: (entry: SessionEntry) => boolean): void {
    for (const [id, entry] of entries) if (matches(entry)) entries.delete(id);
    onChange();
  }

  function put(id: string, session: Session): void {
    // As JSON: the session object holds its request, and a restart has to read it all the same.
    const data = JSON.parse(JSON.stringify(session)) as Session;
    const before = entries.get(id);
    entries.set(id, { startedAtMs: nowMs(), ...before, data });
    if (data.signIn) onChange();
  }

  return {
    store: {
      get(id, callback) {
        const entry = entries.get(id);
        if (entry && !isLive(entry)) entries.delete(id);
        callback(null, entry && isLive(entry) ? structuredClone(entry.data) : null);
      },
      set(id, session, callback) {
        put(id, session);
        callback();
      },
      destroy(id, callback) {
        // A retired value goes by its grace period, not when its successor is made.
        if (entries.get(id)?.refusedFromMs === undefined) entries.delete(id);
        onChange();
        callback();
      },
    },
    signIns() {
      const live = [...entries.values()].filter(isLive).flatMap(({ data }) => data.signIn ?? []);
      return [...new Map(live.map((signIn) => [signIn.id, signIn])).values()];
    },
    end: (matches) => remove(({ data }) => data.signIn !== undefined && matches(data.signIn)),
    retire(id, graceSeconds) {
      const entry = entries.get(id);
      if (!entry || entry.refusedFromMs !== undefined) return false;
      entries.set(id, { ...entry, refusedFromMs: nowMs() + graceSeconds * 1000 });
      return true;
    },
    saved: () => [...entries].filter(([, entry]) => entry.data.signIn && isLive(entry)),
    reset: () => remove(() => true),
  };
}

/** For somebody who looks at the sign-in page, or has not given a code yet. */
const anonymousLifeMs = 15 * 60_000;
