import { isSearchable, shortestSearched } from '../../redaction/common-values.js';
import { ok, troubleOf, warning, type Check } from './finding.js';

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
    const short = resolved.values.filter((value) => !isSearchable(value.reveal()));
    if (short.length === 0) return [ok('Values: all long enough to be found and redacted')];
    return short.map((value) =>
      warning(
        `${value.label} ${value.reveal().length < shortestSearched ? `has fewer than ${shortestSearched} characters` : 'is a word that reports are full of'}.`,
        'Use a longer one.',
        'Such a value cannot be told from other text: it is redacted in fields, and not by search.',
      ),
    );
  },
};
