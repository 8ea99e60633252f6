import type { AuthSessionsError } from '../../core/errors.js';
import { isUnreachable } from '../../core/is-unreachable.js';
import { publicUrl } from '../../core/public-url.js';
import type { CheckAnswer } from '../../session/check-answer.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { labelOf, type BroughtUp } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import type { Engine } from '../engine/with-engine.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { errorsOf } from '../terminal/format-error.js';
import type { Style } from '../terminal/style.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { explainCheck } from './explain-check.js';
import { renewEntries } from './renew.js';
import { withSuite } from './with-suite.js';

export interface CheckOptions extends SuiteFlags {
  readonly all?: boolean;
  readonly renew?: boolean;
}

/** The result of a check for one session at one base URL. */
export interface CheckedSession {
  readonly name: string;
  readonly baseURL: string | null;
  readonly state: 'signed in' | 'signed out' | 'not stored' | 'not known';
  /** Whether the application was asked, or only the age counts because the flow has no check. */
  readonly by: 'check' | 'age' | null;
  /** Why it is not signed in; `null` if it is, or if its check threw. */
  readonly seen: string | null;
  /** The command that fixes it. */
  readonly next: string | null;
  readonly notes: readonly string[];
}

export const registerCheck = defineCommand<[names: string[]], CheckOptions>({
  name: 'check',
  arguments: [['[names...]', 'sessions to check  [all stored]']],
  description: 'check whether stored sessions are still signed in; signs in only with --renew',
  options: [
    ['--all', 'check all stored sessions; the default without names'],
    ['--renew', 'sign in where a check says no, as the line below it says'],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['check', 'check admin --renew'],
  act: ([names], options, context) => checkSessions(names, options, context),
});

/** The exit code is 1 unless all sessions are signed in, at the end if they are renewed. */
export async function checkSessions(
  names: readonly string[],
  options: CheckOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const needsVault = options.renew ?? false;
  return withSuite(options, { context, needsVault, asksPerson: needsVault }, async (suite, engine) => {
    const wanted = ({ session }: SessionEntry) => session.type !== 'runtime';
    const choice = { names, all: options.all ?? names.length === 0, wanted };
    const entries = await chooseEntries(choice, suite, engine);
    const errors: AuthSessionsError[] = [];
    const unreachable = new Set<SessionEntry>();
    const nowMs = () => context.clock.nowMs();
    const rows = await Promise.all(
      entries.map((entry) =>
        context.progress.during(labelOf(entry, entries), () =>
          check(entry, engine, nowMs).catch((error: unknown) => {
            const own = errorsOf(error);
            errors.push(...own);
            // A sign-in cannot work either.
            if (own.some(isUnreachable)) unreachable.add(entry);
            return describe(entry, undefined, nowMs());
          }),
        ),
      ),
    );
    const labels = entries.map((entry) => labelOf(entry, entries));
    const lines = rows.map((row, index) => format(row, labels[index] ?? row.name, context.style));
    const out = entries.filter((_, index) => rows[index]?.state !== 'signed in');
    const found = { data: { sessions: rows }, text: lines.join('\n'), errors };
    const mayRenew = (entry: SessionEntry) => entry.session.type === 'credentials' && !unreachable.has(entry);
    const renewable = options.renew ? out.filter(mayRenew) : [];
    if (renewable.length === 0) return { ...found, foundTrouble: out.length > 0 };
    const renewed = await renewEntries(renewable, engine, { suite, context });
    return {
      data: { ...found.data, renewed: (renewed.data as { sessions: readonly BroughtUp[] }).sessions },
      text: `${found.text}\n${renewed.text}`,
      // Any other check that threw was only the reason to renew.
      errors: [...errors.filter(isUnreachable), ...(renewed.errors ?? [])],
      foundTrouble: renewable.length < out.length,
    };
  });
}

/** A check may replace the state, so a test must not use the session meanwhile if only one may. */
async function check(
  entry: SessionEntry,
  { desk, whileUsing }: Engine,
  nowMs: () => number,
): Promise<CheckedSession> {
  const answer = await whileUsing(entry.session, async () => desk.check(entry));
  return describe(entry, answer, nowMs());
}

function describe(entry: SessionEntry, answer: CheckAnswer | undefined, nowMs: number): CheckedSession {
  const { session, baseURL, record } = entry;
  const answered = answer?.signedIn ? 'signed in' : 'signed out';
  return {
    name: session.name,
    baseURL: publicUrl(baseURL) ?? null,
    state: !record ? 'not stored' : answer ? answered : 'not known',
    by: !record || !answer ? null : answer.checks > 0 ? 'check' : 'age',
    ...explainCheck(entry, answer, nowMs),
    notes: answer?.notes ?? [],
  };
}

function format(row: CheckedSession, label: string, style: Style): string {
  const { state, by, seen, next, notes } = row;
  const mark = state === 'signed in' ? style.good('✓') : style.trouble('✗');
  const how = by === 'age' ? ` (by its age; its flow has no check)` : '';
  const details = [seen, ...notes, next && `Run: ${next}`].filter((line) => line !== null);
  return [`${mark} ${style.strong(label)} ${state}${how}`, ...details.map((line) => `  ${line}`)].join('\n');
}
