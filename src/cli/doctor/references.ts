import { explainUnsearchable } from '../../redaction/common-values.js';
import { ok, troubleOf, warning, type Check, type Told } from './finding.js';

/** Whether every reference of every session has an answer. */
export const references: Check = {
  id: 'references',
  examine({ references: resolved }) {
    if (!resolved) return [];
    if (resolved.errors.length > 0) return resolved.errors.map(troubleOf);
    return [ok(`References: ${resolved.count}, every one answered`)];
  },
};

/** Whether values can be told from other text. */
export const shortValues: Check = {
  id: 'short-values',
  examine({ references: resolved }) {
    if (!resolved || resolved.values.length === 0) return [];
    const short = resolved.values.flatMap((value) => warnOfShort(value.label, value.reveal()));
    return short.length > 0 ? short : [ok('Values: all long enough to be found and redacted')];
  },
};

export function warnOfShort(label: string, value: string): Told[] {
  const why = explainUnsearchable(value);
  if (why === undefined) return [];
  return [
    warning(
      `${label} ${why}.`,
      'Use a longer one.',
      'Such a value cannot be told from other text: it is redacted in fields, and not by search.',
    ),
  ];
}
