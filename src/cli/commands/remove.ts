import type { Command } from 'commander';
import type { OtherEntry, SessionEntry } from '../../session/session-desk.js';
import { publicUrl } from '../../core/public-url.js';
import { labelOf } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import {
  projectChoiceOf,
  withExamples,
  withJson,
  withProjectOptions,
  type ProjectOptions,
} from './command-options.js';
import { findProject } from '../project/find-project.js';
import { withEngine, type Engine } from '../engine/with-engine.js';
import type { RunAct } from './registration.js';
import type { Style } from '../terminal/style.js';

export interface RemoveOptions extends ProjectOptions {
  readonly all?: boolean;
}

export function registerRemove(program: Command, run: RunAct): void {
  const command = program
    .command('remove')
    .argument('[names...]', 'sessions')
    .description('take sessions out of the store; the application is not signed out of')
    .option('--all', 'all that the store has, of other base URLs and earlier flows as well');
  withExamples(withJson(withProjectOptions(command)), 'remove admin', 'remove --all').action(
    (names: string[], options: RemoveOptions, self: Command) =>
      run(self, (context) => removeSessions(names, options, context)),
  );
}

/** Whoever asks next signs in. */
export async function removeSessions(
  names: readonly string[],
  options: RemoveOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const project = await findProject(projectChoiceOf(options), context);
  return withEngine({ project, context, needsVault: false }, async (engine) => {
    const all = options.all ?? false;
    const entries = await chooseEntries({ names, all, wanted: () => true }, project, engine);
    const rows = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.session.name,
        baseURL: publicUrl(entry.baseURL) ?? null,
        removed: await engine.desk.remove(entry),
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

/** Of the sessions that are named; all there are where the whole store is meant. */
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
  const what = `${length} of other base URLs, or of flows and references as they were`;
  return isWhole
    ? [`${style.good('✓')} ${what}: removed`]
    : [`- ${what}: kept (remove --all takes them as well)`];
}
