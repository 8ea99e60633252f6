import type { RunSummary } from '../core/session-event.js';
import type { Redactor } from '../redaction/redactor.js';

/**
 * Redacts test titles at the end, when every value is known. The runner does it because it has already prepared all
 * written forms for the leak check.
 */
export function redactTitles(summary: RunSummary, redactor: Pick<Redactor, 'redact'>): RunSummary {
  return { ...summary, uses: summary.uses.map((use) => ({ ...use, test: redactor.redact(use.test) })) };
}
