import type { RunSummary, SessionEvent, SessionUse, VaultRead } from '../../src/core/session-event.js';
import { formatCount, formatDuration } from './format.js';
import { html, name, type Html } from './html.js';
import { endOf, hasWaited, type SessionView } from './run-view.js';
import { createTimeScale, type TimeScale } from './time-scale.js';

/**
 * The run as a picture: a lane for each session, and one for the vault. The tables contain the same data, so the
 * picture is hidden from screen readers.
 */
export function formatTimeline(run: RunSummary, sessions: readonly SessionView[]): Html {
  const scale = createTimeScale({
    fromMs: run.startedAtMs,
    toMs: lastMoment(run),
    settledMs: lastEndOf(sessions.flatMap(({ events }) => events.slice(0, 1))),
  });
  return html`<ol class="timeline">
      ${formatAxis(scale)} ${sessions.map((session) => formatLane(session, scale))}
      ${run.vaultReads.length > 0 && formatVaultLane(run, scale)}
      ${sessions.length > lanesOfAScreen && formatAxis(scale)}
    </ol>
    ${scale.closeUpEnd !== undefined && html`<p class="aside">Time up to the dashed line is stretched.</p>`}`;
}

function lastMoment({ endedAtMs, events, uses }: RunSummary): number {
  const gotAt = uses.map(({ askedAtMs, waitedMs }) => ({ startedAtMs: askedAtMs, durationMs: waitedMs }));
  return Math.max(endedAtMs, lastEndOf(events), lastEndOf(gotAt));
}

function lastEndOf(all: readonly { startedAtMs: number; durationMs: number }[]): number {
  return all.reduce((latest, one) => Math.max(latest, endOf(one)), 0);
}

function formatAxis({ ticks }: TimeScale): Html {
  return html`<li class="lane axis" aria-hidden="true">
    <span></span>
    <svg width="100%" height="18">
      ${ticks.map(({ at, label }) => {
        const anchor = at > 94 ? 'end' : at < 4 ? 'start' : 'middle';
        return html`<text x="${at}%" y="12" text-anchor="${anchor}">${label}</text>`;
      })}
    </svg>
  </li>`;
}

function formatLane({ label, id, summary, events, uses }: SessionView, scale: TimeScale): Html {
  const waiters = uses.filter(hasWaited).slice(0, maxWaiters);
  const usesAt = barHeight + (waiters.length > 0 ? waiters.length * waiterHeight + 6 : 2);
  const height = usesAt + tickHeight + 4;
  return html`<li class="lane">
    <a class="lane-name" href="#${id}"
      >${name(label)} <small>${formatCount(summary.handedOut, 'use')}</small></a
    >
    <svg width="100%" height="${height}" aria-hidden="true">
      ${formatGrid(scale, height)}
      ${waiters.map((use, row) => formatWaiter(use, barHeight + 4 + row * waiterHeight, scale))}
      ${uses.map((use) => formatUse(use, usesAt, scale))}
      ${events.map((event, index) => formatEvent(event, events[index + 1], scale))}
    </svg>
  </li>`;
}

/** Extends into the gaps between the lanes. */
function formatGrid({ ticks, closeUpEnd }: TimeScale, height: number): Html {
  const line = (at: number) => html`<line x1="${at}%" x2="${at}%" y1="-8" y2="${height + 8}" />`;
  return html`<g class="grid">${ticks.map(({ at }) => line(at))}</g>
    ${closeUpEnd !== undefined && html`<g class="grid break">${line(closeUpEnd)}</g>`}`;
}

/** A line with round ends stays visible even if it has no length. */
function formatEvent(event: SessionEvent, next: SessionEvent | undefined, scale: TimeScale): Html {
  const [from, to] = [scale.at(event.startedAtMs), scale.at(endOf(event))];
  const text = `${event.outcome} in ${formatDuration(event.durationMs)}`;
  const isRoomAfter = (next ? scale.at(next.startedAtMs) : 100) - to > labelWidth;
  return html`<g class="event ${event.outcome}">
    <line x1="${from}%" x2="${to}%" y1="${barMiddle}" y2="${barMiddle}">
      <title>${describeEvent(event, text)}</title>
    </line>
    ${isRoomAfter && html`<text x="${to}%" dx="10" y="${barMiddle + 4}">${text}</text>`}
    ${
      !isRoomAfter &&
      !next &&
      from > labelWidth &&
      html`<text x="${from}%" dx="-10" y="${barMiddle + 4}" text-anchor="end">${text}</text>`
    }
  </g>`;
}

function describeEvent({ session, waiters, signIns, errorCode, shard }: SessionEvent, text: string): string {
  const where = shard === undefined ? undefined : `shard ${shard}`;
  const parts = [
    `${session} ${text}`,
    where,
    formatCount(signIns, 'sign-in'),
    `${waiters} waited`,
    errorCode,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function formatWaiter({ askedAtMs, waitedMs, test }: SessionUse, y: number, scale: TimeScale): Html {
  const [from, to] = [scale.at(askedAtMs), scale.at(askedAtMs + waitedMs)];
  return html`<line class="waiter" x1="${from}%" x2="${to}%" y1="${y}" y2="${y}">
    <title>${test} waited ${formatDuration(waitedMs)}</title>
  </line>`;
}

function formatUse({ askedAtMs, waitedMs, outcome, test }: SessionUse, y: number, scale: TimeScale): Html {
  const at = scale.at(askedAtMs + waitedMs);
  return html`<line class="use ${outcome}" x1="${at}%" x2="${at}%" y1="${y}" y2="${y + tickHeight}">
    <title>${test} (${outcome})</title>
  </line>`;
}

function formatVaultLane({ environment, vaultReads, totals }: RunSummary, scale: TimeScale): Html {
  const label = environment === 'deployed' ? '1Password' : 'Local credentials';
  return html`<li class="lane">
    <a class="lane-name" href="#vault">${label} <small>${formatCount(totals.codes, 'code')}</small></a>
    <svg width="100%" height="34" aria-hidden="true">
      ${formatGrid(scale, 34)} ${vaultReads.map((read) => formatRead(read, scale))}
    </svg>
  </li>`;
}

/** Codes have their own row: reading one includes the wait for an unused time step. */
function formatRead(read: VaultRead, scale: TimeScale): Html {
  const [from, to] = [scale.at(read.startedAtMs), scale.at(endOf(read))];
  const kind = `${read.isCode ? 'code' : 'value'}${read.errorCode === undefined ? '' : ' failed'}`;
  const y = read.isCode ? 25 : 9;
  return html`<g class="read ${kind}">
    <title>
      ${read.isCode ? 'code' : 'value'} for ${read.session}: ${read.reference},
      ${formatDuration(read.durationMs)}
    </title>
    <line x1="${from}%" x2="${to}%" y1="${y}" y2="${y}" />
    ${read.isCode && html`<circle cx="${to}%" cy="${y}" r="4" />`}
  </g>`;
}

const barHeight = 20;
const barMiddle = 10;
const waiterHeight = 4;
const maxWaiters = 10;
const tickHeight = 10;
const lanesOfAScreen = 12;
/** Room for `restored in 12.3 s`, in percent. */
const labelWidth = 16;
