import type { Command } from 'commander';
import type { ProjectChoice } from '../project/find-project.js';

/** Options of a command that uses the project's sessions. */
export interface ProjectOptions {
  readonly config?: string;
  readonly project?: string;
  readonly baseUrl?: string;
}

/** An option that several commands have. */
export type SharedOption = keyof typeof sharedOptions;

export function addSharedOptions(command: Command, names: readonly SharedOption[]): void {
  for (const name of names) {
    const [flags, description] = sharedOptions[name];
    command.option(flags, description);
  }
}

export function projectChoiceOf({ config, project, baseUrl }: ProjectOptions): ProjectChoice {
  return { config, project, baseURL: baseUrl };
}

const sharedOptions = {
  config: ['-c, --config <file>', 'Playwright config or its folder  [nearest, searching upward]'],
  project: ['--project <name>', 'Playwright project that sets base URL and browser  [all]'],
  baseUrl: ['--base-url <url>', 'base URL of the sessions  [baseURL of the projects]'],
  json: ['--json', 'print one JSON object'],
} as const;

/** The options of `ProjectOptions`. */
export const projectOptions = ['config', 'project', 'baseUrl'] as const satisfies readonly SharedOption[];
