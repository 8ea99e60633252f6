import type { Clock } from '../core/ports.js';
import type { ResourceUses, UseHolder } from '../core/use-store.js';
import { describeUses } from './describe-uses.js';
import type { UseAsk } from './use-ask.js';

/** The claims of this process that wait for a slot, by ticket. */
export interface UseWaits {
  readonly tickets: readonly string[];
  /** A claim continues the wait of its ticket, and begins it if there is none. */
  continue(ask: UseAsk): UseWait;
  /** Replaces a wait that may have ended. */
  begin(ask: UseAsk): UseWait;
  /** The ticket is released: its claims find the wait ended. */
  end(ticket: string): UseWait | undefined;
  /** The ticket has an answer. */
  forget(ticket: string): void;
  /** What the ticket waits for, in words. Reported after some seconds, and then now and again. */
  report(ask: UseAsk, queue: UseQueue): string;
}

export interface UseWait {
  readonly resource: string;
  readonly sinceMs: number;
  /** The ticket was released while it waited. */
  readonly ended: boolean;
}

export interface UseQueue {
  readonly position: number;
  readonly uses: ResourceUses;
}

/** For a notice. */
export interface WaitAbout {
  readonly session: string;
  readonly sinceMs: number;
}

export interface UseWaitsOptions {
  readonly clock: Clock;
  readonly onWait: (line: string, about: WaitAbout) => void;
}

export function createUseWaits({ clock, onWait }: UseWaitsOptions): UseWaits {
  const waits = new Map<string, Wait>();

  function begin({ ticket, resource }: UseAsk): Wait {
    const sinceMs = clock.nowMs();
    const wait = { resource, sinceMs, reportAtMs: sinceMs + firstReportMs, ended: false };
    waits.set(ticket, wait);
    return wait;
  }

  return {
    get tickets() {
      return [...waits.keys()];
    },
    continue: (ask) => waits.get(ask.ticket) ?? begin(ask),
    begin,
    end(ticket) {
      const wait = waits.get(ticket);
      if (wait) wait.ended = true;
      waits.delete(ticket);
      return wait;
    },
    forget: (ticket) => void waits.delete(ticket),
    report({ ticket, what, holder, session }, { position, uses }) {
      const waiting = `waits for ${what}, as number ${position}: ${describeUses(uses)}`;
      const wait = waits.get(ticket);
      const nowMs = clock.nowMs();
      if (wait && nowMs >= wait.reportAtMs) {
        wait.reportAtMs = nowMs + reportMs;
        onWait(`${nameOf(holder)} ${waiting}`, { session, sinceMs: wait.sinceMs });
      }
      return waiting;
    },
  };
}

function nameOf({ project, worker }: UseHolder): string {
  const parts = [worker === undefined ? 'This command' : `Worker ${worker}`, project && `of ${project}`];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

interface Wait extends UseWait {
  reportAtMs: number;
  ended: boolean;
}

const firstReportMs = 2000;
const reportMs = 30_000;
