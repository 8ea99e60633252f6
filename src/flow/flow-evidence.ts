import type { Page } from '@playwright/test';
import type { Evidence } from '../core/errors.js';
import { publicUrl } from '../core/public-url.js';
import type { Redactor } from '../redaction/redactor.js';
import { within } from '../time/within.js';
import type { FlowTrail } from './flow-trail.js';

const patienceMs = 5000;

/** Collects what it can: a closed page does not replace the original error. Masks inputs, also in frames. */
export async function gatherEvidence(page: Page, redactor: Redactor, trail?: FlowTrail): Promise<Evidence> {
  const redact = (text: string) => redactor.redact(text);
  const title = (await within(patienceMs, page.title())) ?? '';
  const screenshot = await within(
    patienceMs,
    page.screenshot({
      mask: page.frames().map((frame) => frame.locator('input, textarea, select, [contenteditable]')),
      timeout: patienceMs,
      animations: 'disabled',
    }),
  );
  return {
    url: publicUrl(redact(page.url())) ?? '',
    title: redact(title),
    screenshot: screenshot?.toString('base64'),
    ...(trail && trailEvidence(trail, redact)),
  };
}

/** What a flow did until it failed. */
export function trailEvidence(trail: FlowTrail, redact: (text: string) => string): Partial<Evidence> {
  return {
    failedAt: trail.failedAt(redact),
    steps: trail.steps(redact),
    consoleErrors: trail.consoleErrors(redact),
  };
}
