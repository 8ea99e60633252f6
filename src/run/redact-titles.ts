import type { RunSummary } from '../core/session-event.js';
import type { Redactor } from '../redaction/redactor.js';

/**
 * A test's title may hold a value. At the end every value is known; the runner redacts, as it has prepared all written
 * forms for the leak check, which in the broker would take as long again.
 */
export function redactTitles(summary: RunSummary, redactor: Pick<Redactor, 'redact'>): RunSummary {
  return { ...summary, uses: summary.uses.map((use) => ({ ...use, test: redactor.redact(use.test) })) };
}
