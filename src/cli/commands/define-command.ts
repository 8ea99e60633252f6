import { Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { Act } from '../terminal/run-act.js';
import { addSharedOptions, type SharedOption } from './command-options.js';

/** A command: its words in `--help`, and its act. */
export interface CommandDefinition<Arguments extends readonly unknown[], Options> {
  readonly name: string;
  /** The group it is in, for a command of two words. */
  readonly group?: { readonly name: string; readonly description: string };
  readonly description: string;
  /** Each argument as in the usage line, with its description. */
  readonly arguments?: readonly (readonly [usage: string, description: string])[];
  /** Options that no other command has. */
  readonly options?: readonly (Option | readonly [flags: string, description: string])[];
  readonly shared: readonly SharedOption[];
  /** Command lines without the program's name. */
  readonly examples: readonly string[];
  /** The last line of `--help`. */
  readonly footnote?: string;
  readonly act: (given: Arguments, options: Options, context: CommandContext) => Promise<CommandResult>;
}

/** Adds a command to the program. */
export type Registration = (program: Command, run: RunAct) => void;

/** Runs the act of a command, and prints the result. */
export type RunAct = (command: Command, act: Act) => Promise<void>;

/**
 * Defines a command. The types of its arguments and options have to agree with their usage lines.
 *
 * @example
 * export const registerRemove = defineCommand<[names: string[]], RemoveOptions>({
 *   name: 'remove', arguments: [['[names...]', 'sessions']], … act: ([names], options, context) => …,
 * });
 */
export function defineCommand<Arguments extends readonly unknown[], Options>(
  definition: CommandDefinition<Arguments, Options>,
): Registration {
  return (program, run) => {
    const command = groupOf(definition, program).command(definition.name).description(definition.description);
    for (const [usage, description] of definition.arguments ?? []) command.argument(usage, description);
    for (const option of definition.options ?? [])
      command.addOption(option instanceof Option ? option : new Option(...option));
    addSharedOptions(command, definition.shared);
    command.addHelpText('after', formatExamples(definition.examples));
    if (definition.footnote !== undefined) command.addHelpText('after', `\n${definition.footnote}`);
    command.action(async () =>
      run(command, async (context) =>
        definition.act(command.processedArgs as unknown as Arguments, command.opts() as Options, context),
      ),
    );
  };
}

function groupOf({ group }: Pick<CommandDefinition<[], unknown>, 'group'>, program: Command): Command {
  return group ? program.command(group.name).description(group.description) : program;
}

function formatExamples(examples: readonly string[]): string {
  const lines = examples.map((example) => `  $ npx playwright-auth-sessions ${example}`);
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.join('\n')}`;
}
