import { createRequire } from 'node:module';
import { reporterPackages } from '../../../reports/reporter-packages.js';
import { countInShipped } from '../../artifacts/shipped-files.js';
import type { SecretValue } from '../../core/secret-value.js';
import { describeConnection } from '../../credentials/choose-vault-auths.js';
import { explainUnsearchable, isSearchable } from '../../redaction/searchable-values.js';
import { isThere } from '../terminal/maybe.js';
import { ok, troubleOf, warning, type Check, type Told } from './finding.js';
import type { Facts } from './gather-facts.js';

/** Whether every reference of every session resolves, for each vault. */
export const references: Check = {
  id: 'references',
  examine({ references: resolved }) {
    if (!resolved) return [];
    const isOne = resolved.ofVaults.size === 1;
    return [...resolved.ofVaults].flatMap(([name, { errors, count }]) => {
      if (errors.length > 0) return errors.map(troubleOf);
      return [ok(`References${isOne ? '' : ` of ${describeConnection(name)}`}: all ${count} resolve`)];
    });
  },
};

/** Whether values are distinguishable from other text, by a list of words and the files of the project's reporters. */
export const shortValues: Check = {
  id: 'short-values',
  async examine(facts) {
    const values = facts.references?.values ?? [];
    if (values.length === 0) return [];
    const short = values.flatMap((value) => warnOfShort(value.label, value.reveal()));
    const long = values.filter((value) => isSearchable(value.reveal()) && value.kind !== 'code');
    const counts = await countInShipped(
      reporterPackages({ reporter: reportersOf(facts) }),
      long.map((value) => value.reveal()),
    );
    const common = long.flatMap((value) => warningOfCommon(value, counts.get(value.reveal()) ?? 0));
    const warnings = [...short, ...common];
    return warnings.length > 0 ? warnings : [ok('Values: all long enough to redact everywhere')];
  },
};

export function warnOfShort(label: string, value: string): Told[] {
  const why = explainUnsearchable(value);
  if (why === undefined) return [];
  return [
    warning(
      `${label} ${why}.`,
      'Use a longer one.',
      'It could be ordinary text, so it is redacted in fields only and not searched for.',
    ),
  ];
}

function warningOfCommon({ label }: SecretValue, count: number): Told[] {
  if (count === 0) return [];
  return [
    warning(
      `${label} is a word in the files of reporters (${count} ${count === 1 ? 'time' : 'times'}).`,
      'Use a value that is not a word.',
      "The word is redacted everywhere in reports, which can break a reporter's own files.",
    ),
  ];
}

/** Reporters in the config, resolved from its folder. One that is not found has no files. */
function reportersOf({ description, folder }: Facts): [string, unknown][] {
  const names = isThere(description) ? (description.is.wiring.reporters ?? []) : [];
  return names.map((name) => {
    try {
      return [createRequire(`${folder}/`).resolve(name), undefined];
    } catch {
      return [name, undefined];
    }
  });
}
