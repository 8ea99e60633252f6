import type { Command } from 'commander';
import type { ProjectChoice } from '../project/find-project.js';

/** What a command that needs the project's sessions takes. */
export interface ProjectOptions {
  readonly config?: string;
  readonly project?: string;
  readonly baseUrl?: string;
}

/** `--config`, `--project` and `--base-url`. */
export function withProjectOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the Playwright config, or its folder  [found from here upward]')
    .option('--project <name>', 'the Playwright project whose base URL and browser are used  [all of them]')
    .option('--base-url <url>', "where the sessions are used  [the projects' baseURL]");
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object, for programs');
}

/** Shown at the end of a command's help. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  $ npx playwright-auth-sessions ${example}`);
  return command.addHelpText('after', `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.join('\n')}`);
}

export function projectChoiceOf({ config, project, baseUrl }: ProjectOptions): ProjectChoice {
  return { config, project, baseURL: baseUrl };
}
