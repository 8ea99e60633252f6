import type { ResourceUses, UseHolder } from '../../core/use-store.js';
import { printable } from '../../core/printable.js';
import { formatDuration } from '../terminal/format-duration.js';
import { formatTable } from '../terminal/format-table.js';
import type { Style } from '../terminal/style.js';

/** A session or an account that somebody uses or waits for now, on any machine. Times are in ISO 8601. */
export interface ListedUse {
  /** The session's name, or the pool's. */
  readonly of: string;
  /** From 1; `null` while it waits. */
  readonly slot: number | null;
  /** How many may use it at once. */
  readonly slots: number;
  readonly machine: string;
  readonly process: number;
  readonly project: string | null;
  readonly worker: number | null;
  readonly since: string;
  readonly seconds: number;
}

export function listUses(all: readonly ResourceUses[]): readonly ListedUse[] {
  return all.flatMap(({ resource, slots, held, waiting, nowMs }) => {
    const describe = (holder: UseHolder, sinceMs: number, slot: number | null): ListedUse => ({
      of: resource.replace(/^\w+:/, ''),
      ...{ slot, slots, machine: holder.machine, process: holder.process },
      ...{ project: holder.project ?? null, worker: holder.worker ?? null },
      since: new Date(sinceMs).toISOString(),
      seconds: Math.max(0, Math.round((nowMs - sinceMs) / 1000)),
    });
    return [
      ...held.map(({ holder, sinceMs, slot }) => describe(holder, sinceMs, slot)),
      ...waiting.map(({ holder, sinceMs }) => describe(holder, sinceMs, null)),
    ];
  });
}

/** Empty if nobody uses one. */
export function formatUses(uses: readonly ListedUse[], style: Style): string {
  if (uses.length === 0) return '';
  const head = ['in use', 'slot', 'by', 'machine', 'for'];
  const rows = uses.map(({ of, slot, slots, machine, process, project, worker, seconds }) => [
    style.strong(printable(of)),
    slot === null ? style.warning('waits') : `${slot}/${slots}`,
    worker === null ? `process ${process}` : `worker ${worker}${project ? ` of ${printable(project)}` : ''}`,
    printable(machine),
    formatDuration(seconds * 1000),
  ]);
  return `${formatTable([head.map(style.quiet), ...rows])}\n\n`;
}
