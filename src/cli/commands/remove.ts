import { AuthSessionsError } from '../../core/errors.js';
import { publicUrl } from '../../core/public-url.js';
import { describeUnused } from '../../core/unused-reason.js';
import type { OtherEntry } from '../../session/session-desk.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { labelOf } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import type { Engine } from '../engine/with-engine.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { Style } from '../terminal/style.js';
import { errorsOf } from '../terminal/format-error.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withSuite } from './with-suite.js';

export interface RemoveOptions extends SuiteFlags {
  readonly all?: boolean;
  readonly signOut?: boolean;
}

export const registerRemove = defineCommand<[names: string[]], RemoveOptions>({
  name: 'remove',
  arguments: [['[names...]', 'sessions']],
  description: 'remove stored sessions',
  options: [
    ['--all', 'everything stored, also for other base URLs and earlier flows'],
    ['--sign-out', "first sign out of the application, by the flow's destroy"],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['remove admin', 'remove admin --sign-out', 'remove --all'],
  act: ([names], options, context) => removeSessions(names, options, context),
});

/** The next use signs in again. A session that cannot be signed out stays, so that it can be tried again. */
export async function removeSessions(
  names: readonly string[],
  options: RemoveOptions,
  context: CommandContext,
): Promise<CommandResult> {
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const all = options.all ?? false;
    const entries = await chooseEntries({ names, all, wanted: () => true }, suite, engine);
    const signOut = options.signOut ?? false;
    const errors: AuthSessionsError[] = [];
    const rows = await Promise.all(
      entries.map((entry) =>
        context.progress.during(labelOf(entry, entries), () =>
          remove(entry, { signOut, engine }).catch((error: unknown) => {
            errors.push(...errorsOf(error));
            return { ...describe(entry), removed: false, signedOut: false, failed: true };
          }),
        ),
      ),
    );
    const isWhole = all && options.project === undefined && options.baseUrl === undefined;
    const others = await otherEntries(entries, { names, isWhole }, engine);
    if (isWhole) for (const other of others) await other.remove();
    const lines = entries.flatMap((entry, index) => {
      const { removed = false, signedOut = false, failed = false } = rows[index] ?? {};
      const label = labelOf(entry, entries);
      if (failed) return `${context.style.trouble('✗')} ${label} is still stored`;
      if (!removed) return `- ${label}: nothing was stored`;
      return `${context.style.good('✓')} ${label} ${signedOut ? 'signed out and removed' : 'removed'}`;
    });
    const data = {
      sessions: rows,
      others: { removed: isWhole ? others.length : 0, kept: isWhole ? 0 : others.length },
    };
    return { data, text: [...lines, ...tellOthers(others, isWhole, context.style)].join('\n'), errors };
  });
}

interface RemovedSession {
  readonly name: string;
  readonly baseURL: string | null;
  readonly removed: boolean;
  /** Whether the flow signed out of the application. */
  readonly signedOut: boolean;
  readonly failed: boolean;
}

async function remove(
  entry: SessionEntry,
  { signOut, engine: { desk, whileUsing } }: { readonly signOut: boolean; readonly engine: Engine },
): Promise<RemovedSession> {
  if (signOut) requireSignOut(entry);
  return whileUsing(entry.session, async () => {
    const signedOut = signOut && (await desk.signOut(entry));
    return { ...describe(entry), removed: await desk.remove(entry), signedOut, failed: false };
  });
}

function describe({ session, baseURL }: SessionEntry) {
  return { name: session.name, baseURL: publicUrl(baseURL) ?? null };
}

/** What is stored must be known, and its flow able to end it. */
function requireSignOut({ session: { name, flow }, record, rejection }: SessionEntry): void {
  if (rejection === undefined && (!record || flow?.destroy)) return;
  throw new AuthSessionsError(
    'ERR_SIGN_OUT_FAILED',
    {
      failed: `Session "${name}" cannot be signed out.`,
      known: rejection
        ? `Its stored state cannot be used: ${describeUnused(rejection)}.`
        : 'Its flow has no destroy.',
      next: `${rejection ? 'Sign out in the application' : 'Write destroy in its flow'}, or run: npx playwright-auth-sessions remove ${name}`,
    },
    { session: name },
  );
}

/** Other entries of the named sessions, or all others if the whole store is meant. */
async function otherEntries(
  entries: readonly SessionEntry[],
  { names, isWhole }: { readonly names: readonly string[]; readonly isWhole: boolean },
  { desk }: Engine,
): Promise<readonly OtherEntry[]> {
  const others = await desk.others(entries);
  if (isWhole) return others;
  const meant = new Set(names.length > 0 ? names : desk.sessions.keys());
  return others.filter(({ name }) => name !== undefined && meant.has(name));
}

function tellOthers({ length }: readonly OtherEntry[], isWhole: boolean, style: Style): string[] {
  if (length === 0) return [];
  const what = `${length} for other base URLs, or for earlier flows and references`;
  return isWhole
    ? [`${style.good('✓')} ${what}: removed`]
    : [`- ${what}: kept (remove --all removes these too)`];
}
