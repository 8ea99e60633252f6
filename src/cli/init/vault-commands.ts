import type { SecretReference } from '../../core/secret-reference.js';
import type { NamedReference } from './named-references.js';

/**
 * The commands of 1Password's `op` that make a vault, its items and the service account that may read them. No value is
 * in them: each is asked for, and stays out of the shell's history.
 * https://developer.1password.com/docs/cli/reference
 */
export function vaultCommands(vault: string, references: readonly NamedReference[]): string {
  const items = new Map<string, NamedReference[]>();
  for (const one of references)
    items.set(one.reference.item, [...(items.get(one.reference.item) ?? []), one]);
  const lines = [
    '# The vault: for the accounts that tests sign in with, and nothing else',
    `op vault create ${shell(vault)}`,
    '',
    '# An item for each account. Type what it asks for: other programs of yours can see it as long as op runs. On a',
    '# machine that you share, make the items in the 1Password app, with the same names.',
    ...[...items].flatMap(([item, fields]) => itemLines(vault, item, fields)),
    '# A service account that can read this vault and nothing else. Its token is shown once: keep it in 1Password, and',
    '# give it to CI as the secret OP_SERVICE_ACCOUNT_TOKEN.',
    `op service-account create playwright-auth-sessions --vault ${shell(`${vault}:read_items`)} --expires-in 90d`,
  ];
  return lines.join('\n');
}

function itemLines(vault: string, item: string, fields: readonly NamedReference[]): string[] {
  const asked = fields.map(({ reference, usedAs }, index) => {
    const name = `field_${index + 1}`;
    const what = reference.kind === 'totp' ? `${usedAs} (an otpauth://totp/… address, or the seed)` : usedAs;
    const isShown = reference.field.toLowerCase() === 'username';
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

/** `[section.]field[type]`, as an assignment of `op` begins; dots and equal signs of a name are escaped. */
function assigned({ section, field, kind }: SecretReference): string {
  const escaped = (name: string) => name.replaceAll(/[\\.=]/g, '\\$&');
  const builtIn = section === undefined && ['username', 'password'].includes(field.toLowerCase());
  const type = kind === 'totp' ? '[otp]' : builtIn ? '' : '[password]';
  return `${section === undefined ? '' : `${escaped(section)}.`}${escaped(field)}${type}`;
}

function shell(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
