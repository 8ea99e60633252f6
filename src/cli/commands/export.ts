import { Option, type Command } from 'commander';
import { acquireOne } from '../engine/acquire-one.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { projectChoiceOf, withExamples, withProjectOptions, type ProjectOptions } from './command-options.js';
import { findProject } from '../project/find-project.js';
import { formatCookieFile } from '../terminal/format-cookie-file.js';
import { withEngine } from '../engine/with-engine.js';
import type { RunAct } from './registration.js';
import { usageError } from '../terminal/usage-error.js';

export interface ExportOptions extends ProjectOptions {
  readonly format: 'playwright' | 'netscape';
  readonly reveal?: boolean;
}

export function registerExport(program: Command, run: RunAct): void {
  const command = program
    .command('export')
    .argument('<name>', 'a session')
    .description('print the state of a session for other tools; anyone holding it can use the session')
    .addOption(
      new Option('--format <format>', "Playwright's storage state, or a cookie file as curl takes it")
        .choices(['playwright', 'netscape'])
        .default('playwright'),
    )
    .option('--reveal', 'yes, print it: without this nothing is printed');
  withExamples(
    withProjectOptions(command),
    'export admin --format netscape --reveal | curl --cookie - https://shop.example/api/me',
  ).action((name: string, options: ExportOptions, self: Command) =>
    run(self, (context) => exportSession(name, options, context)),
  );
}

/** To standard output, and only when it is said in so many words that it shall be. */
export async function exportSession(
  name: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (!options.reveal)
    throw usageError(
      `The state of "${name}" is not printed just so.`,
      'Say --reveal if you want that, and keep what is printed out of logs and files that others read.',
      'Anyone holding it can use the session.',
    );
  const project = await findProject(projectChoiceOf(options), context);
  return withEngine({ project, context, needsVault: false }, async (engine) => {
    const { session } = await acquireOne(name, { project, engine, context });
    const { playwright, sessionStorage } = session.state;
    const left = options.format === 'netscape' && playwright.origins.length > 0 ? ['localStorage'] : [];
    if (sessionStorage.length > 0) left.push('sessionStorage');
    if (left.length > 0) context.note(`Left out, as this format has no place for it: ${left.join(' and ')}.`);
    const revealed =
      options.format === 'netscape'
        ? formatCookieFile(playwright.cookies)
        : `${JSON.stringify(playwright, null, 2)}\n`;
    return { data: null, text: '', revealed };
  });
}
