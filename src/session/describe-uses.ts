import type { ResourceUses, UseHolder } from '../core/use-store.js';
import { printable } from '../core/printable.js';

/** Who holds what and since when, in one line. */
export function describeUses({ held, waiting, nowMs }: ResourceUses): string {
  const holders = held.map(
    ({ holder, sinceMs, slot }) =>
      `${held.length > 1 ? `${slot}: ` : ''}${describeHolder(holder)} for ${formatSeconds(nowMs - sinceMs)}`,
  );
  const shown = holders.slice(0, shownHolders).join(', ');
  const more = holders.length > shownHolders ? ` and ${holders.length - shownHolders} more` : '';
  const queue = waiting.length > 1 ? `; ${waiting.length} wait` : '';
  return `${shown === '' ? 'others are first' : `held by ${shown}${more}`}${queue}`;
}

function describeHolder({ machine, process, project, worker }: UseHolder): string {
  const who = worker === undefined ? `process ${process}` : `worker ${worker}`;
  return `${who}${project ? ` of ${printable(project)}` : ''} on ${printable(machine)}`;
}

function formatSeconds(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

const shownHolders = 8;
