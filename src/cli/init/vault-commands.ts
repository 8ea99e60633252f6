import type { ItemReference } from '../../core/secret-reference.js';
import { tokenVariables, type ConnectionName } from '../../core/vault-connection.js';
import type { NamedReference } from './named-references.js';

/**
 * The `op` commands that create a vault, its items and a service account that can read them. They contain no values:
 * each prompts for its value, which stays out of the shell's history.
 * https://developer.1password.com/docs/cli/reference
 */
export function vaultCommands(
  vault: string,
  references: readonly NamedReference[],
  platform: NodeJS.Platform = process.platform,
): string {
  const connections = [...new Set(references.map(({ connection }) => connection))];
  const commands = connections.map((name) =>
    commandsOf(
      vault,
      name,
      references.filter(({ connection }) => connection === name),
    ),
  );
  return [...(platform === 'win32' ? [forBash] : []), ...commands].join('\n\n');
}

function commandsOf(
  vault: string,
  connection: ConnectionName,
  references: readonly NamedReference[],
): string {
  const items = new Map<string, NamedReference[]>();
  for (const one of references)
    items.set(one.reference.item, [...(items.get(one.reference.item) ?? []), one]);
  const account =
    connection === undefined
      ? []
      : [
          `# For vault connection "${connection}": sign in to its 1Password account first (op signin --account …)`,
          '',
        ];
  const lines = [
    ...account,
    '# The vault: only for the test accounts',
    `op vault create ${shell(vault)}`,
    '',
    '# An item for each account. Type the values at the prompts: while op runs, your other programs can see them. On a',
    '# shared machine, create the items in the 1Password app, with the same names.',
    ...[...items].flatMap(([item, fields]) => itemLines(vault, item, fields)),
    '# A service account that can only read this vault. Its token is shown once: save it in 1Password, and set it on CI',
    `# as the secret ${tokenVariables(connection).token}.`,
    `op service-account create playwright-auth-sessions --vault ${shell(`${vault}:read_items`)} --expires-in 90d`,
  ];
  return lines.join('\n');
}

function itemLines(vault: string, item: string, fields: readonly NamedReference[]): string[] {
  const asked = fields.map(({ reference, usedAs }, index) => {
    const name = `field_${index + 1}`;
    const what = `${usedAs}${hints[reference.kind] ?? ''}`;
    const isShown = reference.field.toLowerCase() === 'username' || reference.kind === 'bytes';
    return {
      name,
      line: `printf '%s: ' ${shell(what)}; IFS= read -r${isShown ? '' : 's'} ${name}${isShown ? '' : '; echo'}`,
      assignment: `${shell(`${assigned(reference)}=`)}"$${name}"`,
    };
  });
  return [
    ...asked.map(({ line }) => line),
    `op item create --category=login --vault=${shell(vault)} --title=${shell(item)} \\`,
    `  ${asked.map(({ assignment }) => assignment).join(' ')}`,
    `unset ${asked.map(({ name }) => name).join(' ')}`,
    '',
  ];
}

/** The beginning of an `op` assignment, `[section.]field[type]`; dots and equal signs in names are escaped. */
function assigned({ section, field, kind }: ItemReference): string {
  const escaped = (name: string) => name.replaceAll(/[\\.=]/g, '\\$&');
  const builtIn = section === undefined && ['username', 'password'].includes(field.toLowerCase());
  const type = types[kind] ?? (builtIn ? '' : '[password]');
  return `${section === undefined ? '' : `${escaped(section)}.`}${escaped(field)}${type}`;
}

function shell(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const forBash =
  '# These commands are for bash, not for PowerShell: run them in Git Bash or WSL, or create the items in the 1Password app.';
const hints: Partial<Record<ItemReference['kind'], string>> = {
  totp: ' (an otpauth://totp/… address, or the seed)',
  bytes: ' (the path of the file)',
};
const types: Partial<Record<ItemReference['kind'], string>> = { totp: '[otp]', bytes: '[file]' };
