import type { Command } from 'commander';
import type { ProjectChoice } from '../project/find-project.js';

/** Options of a command that uses the project's sessions. */
export interface ProjectOptions {
  readonly config?: string;
  readonly project?: string;
  readonly baseUrl?: string;
}

/** `--config`, `--project` and `--base-url`. */
export function withProjectOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'Playwright config or its folder  [nearest, searching upward]')
    .option('--project <name>', 'Playwright project that sets base URL and browser  [all]')
    .option('--base-url <url>', 'base URL of the sessions  [baseURL of the projects]');
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object');
}

/** Shows examples at the end of a command's help. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  $ npx playwright-auth-sessions ${example}`);
  return command.addHelpText('after', `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.join('\n')}`);
}

export function projectChoiceOf({ config, project, baseUrl }: ProjectOptions): ProjectChoice {
  return { config, project, baseURL: baseUrl };
}
