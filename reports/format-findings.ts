import path from 'node:path';
import type { LeakCheck } from '../src/artifacts/check-leaks.js';
import type { LeakOptions } from '../src/core/suite-options.js';
import { printable } from '../src/core/printable.js';

export interface FormatFindingsOptions {
  /** Base of relative paths. */
  readonly folder: string;
  readonly quarantineFolder: string;
  readonly onLeak: LeakOptions['onLeak'];
}

/**
 * The findings of a leak check: which secret, where, and its written form. Never shows a value. Empty if there are
 * none.
 */
export function formatFindings(
  { findings, repaired, removed = [] }: Pick<LeakCheck, 'findings' | 'repaired'> & Partial<LeakCheck>,
  options: FormatFindingsOptions,
): string {
  const leaks = findings.filter((one) => one.kind === 'leak');
  const unsearched = findings.filter((one) => one.kind === 'unsearched');
  const relative = (file: string) => printable(path.relative(options.folder, file) || file);
  const stopped = unsearched.filter((one) => one.stopped);
  const told = unsearched.filter((one) => !one.stopped || stopped.indexOf(one) < namedStops);
  const lines = [
    ...whatWasRepaired(repaired.map(relative)),
    ...told.map(
      (one) =>
        `auth-sessions: ${place(relative(one.file), one.members)} could not be searched for secrets: ${printable(one.reason)}.`,
    ),
    ...whatStopped(stopped.length),
    ...(leaks.length === 0 ? [] : ['The run fails because it leaked secrets.']),
    ...leaks.map(
      ({ label, file, members, encoding, count }) =>
        `  ${printable(label)} in ${place(relative(file), members)} (${encoding}${count === 1 ? '' : `, ${count} times`})`,
    ),
    ...(leaks.length === 0
      ? []
      : [`  ${whatBecame(options, relative)}`, ...whatWasNotKept(removed, options, relative), `  ${advice}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function whatWasRepaired(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const more = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : '';
  return [`auth-sessions: redacted after the run: ${files.slice(0, namedFiles).join(', ')}${more}.`];
}

function whatStopped(files: number): string[] {
  if (files === 0) return [];
  const more = files > namedStops ? [`auth-sessions: ${files - namedStops} more could not be searched.`] : [];
  return [...more, 'The run fails because the leak check stopped at a limit.', `  ${stopAdvice}`];
}

function place(file: string, members: readonly string[]): string {
  return [file, ...members.map(printable)].join(' › ');
}

function whatBecame(
  { onLeak, quarantineFolder }: FormatFindingsOptions,
  relative: (file: string) => string,
): string {
  return onLeak === 'delete'
    ? 'These files were deleted.'
    : `These files were moved to ${relative(quarantineFolder)}, readable only by you.`;
}

function whatWasNotKept(
  removed: LeakCheck['removed'],
  { onLeak }: FormatFindingsOptions,
  relative: (file: string) => string,
): string[] {
  if (onLeak === 'delete') return [];
  return removed
    .filter(({ to }) => to === undefined)
    .map(
      ({ from, why }) => `  ${relative(from)} was deleted, because it could not be moved there: ${why ?? ''}`,
    );
}

const advice =
  'A test wrote them where nothing is redacted: attach the file instead (testInfo.attach), or leave the value out.';
const stopAdvice =
  'Remove the files named above, or keep them outside the searched folders. To allow more time, raise leaks.maxSeconds.';
const namedFiles = 3;
const namedStops = 10;
