import type { Command } from 'commander';
import type { SuiteChoice } from '../suite/find-suite.js';

/** Options that choose the suite whose sessions a command uses. */
export interface SuiteFlags {
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

export function suiteChoiceOf({ config, project, baseUrl }: SuiteFlags): SuiteChoice {
  return { config, project, baseURL: baseUrl };
}

const sharedOptions = {
  config: ['-c, --config <file>', 'Playwright config or its folder  [nearest, searching upward]'],
  project: ['--project <name>', 'Playwright project that sets base URL and browser  [all]'],
  baseUrl: ['--base-url <url>', 'base URL of the sessions  [baseURL of the projects]'],
  json: ['--json', 'print one JSON object'],
} as const;

/** The options of `SuiteFlags`. */
export const suiteFlags = ['config', 'project', 'baseUrl'] as const satisfies readonly SharedOption[];
