import type { EventStore } from '../../core/ports.js';
import { printable } from '../../core/printable.js';
import type { SharedEvent } from '../../core/session-event.js';
import { formatDuration } from '../terminal/format-duration.js';
import { formatTable } from '../terminal/format-table.js';
import type { Style } from '../terminal/style.js';

/** What happened to a session lately, on any machine. Times are in ISO 8601. */
export interface ListedEvent extends SharedEvent {
  readonly at: string;
}

/** The latest ones, oldest first. None for a store of this machine alone. */
export async function listEvents(read: EventStore['read']): Promise<readonly ListedEvent[]> {
  const events = await read(shownMs);
  return events
    .slice(-mostShown)
    .map(({ atMs, ...event }) => ({ at: new Date(atMs).toISOString(), ...event }));
}

/** Empty if there are none. */
export function formatEvents(
  events: readonly ListedEvent[],
  { style, nowMs }: { readonly style: Style; readonly nowMs: number },
): string {
  if (events.length === 0) return '';
  const head = ['lately', 'outcome', 'took', 'machine', 'ago'];
  const rows = events.map(({ at, session, outcome, durationMs, machine, errorCode }) => [
    style.strong(printable(session)),
    outcome === 'failed' ? style.trouble(printable(`failed ${errorCode ?? ''}`.trim())) : outcome,
    `${(durationMs / 1000).toFixed(1)} s`,
    printable(machine),
    formatDuration(Math.max(0, nowMs - Date.parse(at))),
  ]);
  return `${formatTable([head.map(style.quiet), ...rows])}\n\n`;
}

const shownMs = 60 * 60_000;
const mostShown = 10;
