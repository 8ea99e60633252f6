import { Option } from 'commander';
import { acquireOne } from '../engine/acquire-one.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { formatCookieFile } from '../terminal/format-cookie-file.js';
import { usageError } from '../terminal/usage-error.js';
import { projectOptions, type ProjectOptions } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withProject } from './with-project.js';

export interface ExportOptions extends ProjectOptions {
  readonly format: 'playwright' | 'netscape';
  readonly reveal?: boolean;
}

export const registerExport = defineCommand<[name: string], ExportOptions>({
  name: 'export',
  arguments: [['<name>', 'a session']],
  description: "print a session's state for other tools; anyone holding it can use the session",
  options: [
    new Option('--format <format>', "Playwright's storage state, or a cookie file for curl")
      .choices(['playwright', 'netscape'])
      .default('playwright'),
    ['--reveal', 'confirm printing; nothing is printed without it'],
  ],
  shared: projectOptions,
  examples: ['export admin --format netscape --reveal | curl --cookie - https://shop.example/api/me'],
  act: ([name], options, context) => exportSession(name, options, context),
});

/** Prints to standard output only if explicitly requested. */
export async function exportSession(
  name: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (!options.reveal)
    throw usageError(
      `The state of "${name}" is not printed without --reveal.`,
      'Add --reveal to print it. Keep the output out of logs and of files that others read.',
      'Anyone holding it can use the session.',
    );
  return withProject(options, { context, needsVault: false }, async (project, engine) => {
    const { session } = await acquireOne(name, { project, engine, context });
    const { playwright, sessionStorage } = session.state;
    const left = options.format === 'netscape' && playwright.origins.length > 0 ? ['localStorage'] : [];
    if (sessionStorage.length > 0) left.push('sessionStorage');
    if (left.length > 0) context.note(`Not in this format, so left out: ${left.join(' and ')}.`);
    const revealed =
      options.format === 'netscape'
        ? formatCookieFile(playwright.cookies)
        : `${JSON.stringify(playwright, null, 2)}\n`;
    return { data: null, text: '', revealed };
  });
}
