import { errorsOf } from '../terminal/format-error.js';
import { isThere } from '../terminal/maybe.js';
import { ok, troubleOf, warning, type Check } from './finding.js';

/** Whether the vault's credential can do more than the sessions need. */
export const leastPrivilege: Check = {
  id: 'least-privilege',
  async examine({ vault, sessions, references, context }) {
    if (!isThere(vault) || !isThere(sessions) || !vault.is.inspectReach || references?.errors.length)
      return [];
    const wanted = [...sessions.is.sessions.values()].flatMap(({ values, code }) => [
      ...values.values(),
      ...(code ? [code] : []),
    ]);
    try {
      const { unused, excess } = await vault.is.inspectReach(wanted, context.signal);
      const findings = [
        ...unused.map((title) => `It can read vault "${title}", which no session uses.`),
        ...excess.map(
          ({ vault: title, permissions }) =>
            `It may do more than read in vault "${title}": ${permissions.join(', ')}.`,
        ),
      ];
      if (findings.length === 0)
        return [ok('Least privilege: the vault credential reads what sessions use, no more')];
      return [warning('The vault credential can do more than the sessions need.', cure, findings.join(' '))];
    } catch (error) {
      return errorsOf(error).map(troubleOf);
    }
  },
};

const cure =
  'Make a service account with read_items alone, in the vaults that sessions name; strictLeastPrivilege makes it an error.';
