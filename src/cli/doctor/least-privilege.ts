import { errorsOf } from '../terminal/format-error.js';
import { isThere } from '../terminal/maybe.js';
import { ok, troubleOf, warning, type Check } from './finding.js';

/** Whether the vault's credential has more access than the sessions need. */
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
            `It has more than read access to vault "${title}": ${permissions.join(', ')}.`,
        ),
      ];
      if (findings.length === 0)
        return [ok('Least privilege: the vault credential can only read what the sessions use')];
      return [
        warning('The vault credential has more access than the sessions need.', cure, findings.join(' ')),
      ];
    } catch (error) {
      return errorsOf(error).map(troubleOf);
    }
  },
};

const cure =
  'Create a service account with only read_items, in the vaults that the sessions use. strictLeastPrivilege makes this an error.';
