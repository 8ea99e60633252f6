import type { DeclaredSession } from '../../core/declared-session.js';
import type { Vault } from '../../core/ports.js';
import type { ConnectionName } from '../../core/vault-connection.js';
import { errorsOf } from '../terminal/format-error.js';
import { isThere } from '../terminal/maybe.js';
import { ok, troubleOf, warning, type Check, type Told } from './finding.js';

/** Whether the vaults' credentials have more access than the sessions need. */
export const leastPrivilege: Check = {
  id: 'least-privilege',
  async examine({ vaults, sessions, references, context }) {
    if (!isThere(vaults) || !isThere(sessions)) return [];
    const told: Told[] = [];
    for (const [name, vault] of vaults.is) {
      if (references?.ofVaults.get(name)?.errors.length) continue;
      const own = [...sessions.is.sessions.values()].filter((session) => session.vault === name);
      const strict = sessions.is.options.strictLeastPrivilege ?? false;
      told.push(...(await inspect(name, vault, { own, strict, signal: context.signal })));
    }
    return told;
  },
};

interface InspectOptions {
  readonly own: readonly DeclaredSession[];
  /** Whether access that cannot be inspected is an error, as in a run. */
  readonly strict: boolean;
  readonly signal: AbortSignal;
}

async function inspect(
  name: ConnectionName,
  vault: Vault,
  { own, strict, signal }: InspectOptions,
): Promise<Told[]> {
  if (!vault.inspectReach) return [];
  const credential = `vault credential${name === undefined ? '' : ` of connection "${name}"`}`;
  const wanted = own.flatMap(({ values, code }) => [...values.values(), ...(code ? [code] : [])]);
  try {
    const { unused, excess } = await vault.inspectReach(wanted, signal);
    const findings = [
      ...unused.map((title) => `It can read vault "${title}", which no session uses.`),
      ...excess.map(
        ({ vault: title, permissions }) =>
          `It has more than read access to vault "${title}": ${permissions.join(', ')}.`,
      ),
    ];
    if (findings.length === 0)
      return [ok(`Least privilege: the ${credential} can only read what the sessions use`)];
    return [warning(`The ${credential} has more access than the sessions need.`, cure, findings.join(' '))];
  } catch (error) {
    return errorsOf(error)
      .filter(({ code }) => strict || code !== 'ERR_LEAST_PRIVILEGE')
      .map(troubleOf);
  }
}

const cure =
  'Create a service account with only read_items, in the vaults that the sessions use. strictLeastPrivilege makes this an error.';
