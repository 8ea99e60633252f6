import { publicUrl } from '../../core/public-url.js';
import type { OtherEntry, SessionEntry } from '../../session/session-desk.js';
import { labelOf } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import type { Engine } from '../engine/with-engine.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { Style } from '../terminal/style.js';
import { projectOptions, type ProjectOptions } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withProject } from './with-project.js';

export interface RemoveOptions extends ProjectOptions {
  readonly all?: boolean;
}

export const registerRemove = defineCommand<[names: string[]], RemoveOptions>({
  name: 'remove',
  arguments: [['[names...]', 'sessions']],
  description: 'remove stored sessions; does not sign out of the application',
  options: [['--all', 'everything stored, also for other base URLs and earlier flows']],
  shared: [...projectOptions, 'json'],
  examples: ['remove admin', 'remove --all'],
  act: ([names], options, context) => removeSessions(names, options, context),
});

/** The next use signs in again. */
export async function removeSessions(
  names: readonly string[],
  options: RemoveOptions,
  context: CommandContext,
): Promise<CommandResult> {
  return withProject(options, { context, needsVault: false }, async (project, engine) => {
    const all = options.all ?? false;
    const entries = await chooseEntries({ names, all, wanted: () => true }, project, engine);
    const rows = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.session.name,
        baseURL: publicUrl(entry.baseURL) ?? null,
        removed: await engine.whileUsing(entry.session, async () => engine.desk.remove(entry)),
      })),
    );
    const isWhole = all && options.project === undefined && options.baseUrl === undefined;
    const others = await otherEntries(entries, { names, isWhole }, engine);
    if (isWhole) for (const other of others) await other.remove();
    const lines = entries.map((entry, index) =>
      rows[index]?.removed
        ? `${context.style.good('✓')} ${labelOf(entry, entries)} removed`
        : `- ${labelOf(entry, entries)}: nothing was stored`,
    );
    const data = {
      sessions: rows,
      others: { removed: isWhole ? others.length : 0, kept: isWhole ? 0 : others.length },
    };
    return { data, text: [...lines, ...tellOthers(others, isWhole, context.style)].join('\n') };
  });
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
