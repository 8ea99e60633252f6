import { suggestName } from '../../core/suggest-name.js';
import type { SuiteDescription } from '../suite/suite-description.js';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, warning, type Check, type Told } from './finding.js';
import { warnOfShort } from './references.js';

/** Whether declared secrets are set, and distinguishable from other text. */
export const declaredSecrets: Check = {
  id: 'declared-secrets',
  examine({ description }) {
    return isThere(description) ? examineDeclared(description.is) : [];
  },
};

export function examineDeclared({
  declared,
  unset,
  env,
}: Pick<SuiteDescription, 'declared' | 'unset' | 'env'>): readonly Told[] {
  const missing = unset.map(({ name, required }) => {
    const others = Object.keys(env).filter((one) => !declared.some(({ label }) => label === one));
    const meant = suggestName(name, others);
    const seen = `${name} of redact.environment is not set.`;
    const next = `Set it${meant === undefined ? '' : `, or use ${meant} if you meant that`}.`;
    return required
      ? trouble(seen, next, 'It is required: a run without it stops.')
      : warning(seen, next, 'An unknown value is neither redacted nor searched for.');
  });
  const short = declared.flatMap(({ label, value }) => warnOfShort(label, value));
  const labels = [...new Set(declared.map(({ label }) => label))];
  if (missing.length + short.length > 0) return [...missing, ...short];
  return [ok(`Other declared secrets: ${labels.length === 0 ? 'none' : labels.join(', ')}`)];
}
