import { Writable } from 'node:stream';
import type { Command, Option } from 'commander';
import { createProgram } from '../../../src/cli/run-program.js';

/** The section of docs/command-line.md with every option of every command, as `--help` describes them. */
export function formatCommandOptions(): string {
  const commands = namedCommands();
  const isCommon = ({ flags, description }: Option) =>
    commands.filter(({ options }) =>
      options.some((one) => one.flags === flags && one.description === description),
    ).length >
    commands.length / 2;
  const own = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => !isCommon(option))
      .map((option, index) => [index === 0 ? `\`${name}\`` : '', ...cellsOf(option)]),
  );
  const everywhere = new Map(
    commands.flatMap(({ options }) => options.filter(isCommon).map((option) => [option.flags, option])),
  );
  const common = [...everywhere.values()].map((option) => [
    ...cellsOf(option),
    commands
      .filter((one) => !has(one, option.flags))
      .map(({ name }) => `\`${name}\``)
      .join(', '),
  ]);
  return `${heading}

${formatTable(['command', 'option', '', 'default'], own)}

Most commands also have these:

${formatTable(['option', '', 'default', 'commands without it'], common)}

\`npm run docs\` writes this section from the commands.

`;
}

/** The section as a page has it. */
export function ownSection(page: string): string {
  const start = page.indexOf(`${heading}\n`);
  const end = page.indexOf('\n## ', start + heading.length);
  if (start < 0 || end < 0) throw new Error(`docs/command-line.md has no section "${heading}"`);
  return page.slice(start, end + 1);
}

interface NamedCommand {
  readonly name: string;
  readonly options: readonly Option[];
}

/** In the order of `--help`, those of a group by both words. */
function namedCommands(): readonly NamedCommand[] {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const program = createProgram({ stdout: nowhere, stderr: nowhere, env: {} }, () => Promise.resolve());
  const named = (command: Command, prefix: string): NamedCommand[] =>
    command.commands.length > 0
      ? command.commands.flatMap((one) => named(one, `${prefix}${command.name()} `))
      : [{ name: `${prefix}${command.name()}`, options: command.options.filter(({ hidden }) => !hidden) }];
  return program.commands.flatMap((command) => named(command, ''));
}

function has({ options }: NamedCommand, flags: string): boolean {
  return options.some((option) => option.flags === flags);
}

/** An option, what it does, and its default, which a description has in brackets at its end. */
function cellsOf({ flags, description, argChoices, defaultValue }: Option): string[] {
  const [, text = '', fallback] = /^(.*?)(?: {1,2}\[(.*)\])?$/.exec(description) ?? [];
  const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}` : '';
  return [`\`${flags}\``, `${text}${choices}`, fallback ?? (defaultValue as string | undefined) ?? ''];
}

/** As the formatter leaves it. */
function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length), title.length),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}

const heading = '## Options of each command';
