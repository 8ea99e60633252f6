import type { AuthSessionsError } from '../../core/errors.js';
import { publicUrl } from '../../core/public-url.js';
import type { SessionOutcome } from '../../core/session-event.js';
import type { SessionEntry } from '../../session/session-entry.js';
import type { FoundSuite } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { formatDuration } from '../terminal/format-duration.js';
import { errorsOf } from '../terminal/format-error.js';
import { formatTable } from '../terminal/format-table.js';
import type { Style } from '../terminal/style.js';
import { keepScreenshot } from './keep-screenshot.js';
import type { Engine } from './with-engine.js';

/** The result for one session at one base URL. */
export interface BroughtUp {
  readonly name: string;
  readonly baseURL: string | null;
  readonly outcome: SessionOutcome | 'skipped';
  readonly durationMs: number;
  readonly signIns: number;
  readonly checks: number;
  readonly notes: readonly string[];
  readonly errorCode: string | null;
  /** After a failed sign-in: a screenshot with inputs masked. */
  readonly screenshot: string | null;
}

/** Acquires sessions concurrently: from the store if the state is valid, or else by signing in. */
export async function bringUp(
  entries: readonly SessionEntry[],
  engine: Engine,
  { suite, context }: { readonly suite: FoundSuite; readonly context: CommandContext },
): Promise<CommandResult> {
  const errors: AuthSessionsError[] = [];
  const rows = await Promise.all(
    entries.map((entry) =>
      context.progress.during(labelOf(entry, entries), async () => {
        const failures: AuthSessionsError[] = [];
        const skip = await acquire(entry, engine).catch((error: unknown) => {
          failures.push(...errorsOf(error));
          return undefined;
        });
        errors.push(...failures);
        return describe(entry, {
          engine,
          skip,
          failures,
          screenshot: await keepScreenshot(failures, {
            folder: suite.folder,
            nowMs: context.clock.nowMs(),
          }),
          startIt: suite.webServer && failures.some(isRefused),
        });
      }),
    ),
  );
  return { data: { sessions: rows }, text: format(rows, context.style), errors };
}

async function acquire({ session, place }: SessionEntry, { handlers }: Engine): Promise<string | undefined> {
  const answer = await handlers['/acquire']({ session: session.name, place });
  if ('skip' in answer) return answer.skip;
  // It is not used here: the next holder need not check it.
  const { key, id, state, use } = answer;
  if (session.exclusive) await handlers['/write-back']({ key, id, state, use });
  return undefined;
}

interface End {
  readonly engine: Engine;
  readonly skip: string | undefined;
  readonly failures: readonly AuthSessionsError[];
  readonly screenshot: string | undefined;
  /** Whether the application is not running, and only runs start it. */
  readonly startIt: boolean;
}

function describe({ session, baseURL }: SessionEntry, end: End): BroughtUp {
  const url = publicUrl(baseURL);
  const event = end.engine.events.findLast((one) => one.session === session.name && one.baseURL === url);
  return {
    name: session.name,
    baseURL: url ?? null,
    outcome: end.skip === undefined ? (event?.outcome ?? 'failed') : 'skipped',
    durationMs: Math.round(event?.durationMs ?? 0),
    signIns: event?.signIns ?? 0,
    checks: event?.checks ?? 0,
    notes: [
      ...(event?.notes ?? []),
      ...(end.skip === undefined ? [] : [end.skip]),
      ...(end.startIt ? [startItFirst] : []),
    ],
    errorCode: end.failures[0]?.code ?? null,
    screenshot: end.screenshot ?? null,
  };
}

/** The wording of each browser and of Node. */
function isRefused({ explanation: { known = '' } }: AuthSessionsError): boolean {
  return /CONNECTION_REFUSED|ECONNREFUSED|could not connect to/i.test(known);
}

export function labelOf({ session, baseURL }: SessionEntry, all: readonly SessionEntry[]): string {
  const isAlone = all.filter((one) => one.session.name === session.name).length === 1;
  return isAlone ? session.name : `${session.name} (${publicUrl(baseURL) ?? 'no base URL'})`;
}

function format(rows: readonly BroughtUp[], style: Style): string {
  if (rows.length === 0) return 'No session qualifies.';
  const severalPlaces = new Set(rows.map(({ baseURL }) => baseURL)).size > 1;
  const table = formatTable(
    rows.map((row) => [
      row.outcome === 'failed' ? style.trouble('✗') : row.outcome === 'skipped' ? '-' : style.good('✓'),
      style.strong(row.name),
      ...(severalPlaces ? [row.baseURL ?? '-'] : []),
      row.errorCode === null ? row.outcome : `${row.outcome} ${row.errorCode}`,
      style.quiet(formatDuration(row.durationMs)),
    ]),
  );
  const notes = rows.flatMap(({ name, notes: own, screenshot }) => [
    ...own.map((note) => `  ${name}: ${note}`),
    ...(screenshot === null ? [] : [`  ${name}: screenshot, inputs masked: ${screenshot}`]),
  ]);
  return [table, ...notes].join('\n');
}

const startItFirst =
  "start the application first: a run starts the config's webServer, this command does not";
