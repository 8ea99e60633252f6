import type { BrowserContext, Page } from '@playwright/test';
import type { Evidence } from '../core/errors.js';
import { publicUrl } from '../core/public-url.js';
import type { Redactor } from '../redaction/redactor.js';
import { secretsOfState } from '../redaction/state-secrets.js';
import type { StorageState } from '../core/storage-state.js';
import type { FlowTrail } from './flow-trail.js';
import { captureState } from '../browser/capture-state.js';
import { within } from '../time/within.js';

const patienceMs = 5000;

/** Registers the secrets of a state, so that errors and notes that quote it are redacted. */
export function knowState(state: StorageState, session: string, redactor: Redactor): void {
  for (const secret of secretsOfState(state, session)) redactor.add(secret);
}

/** Registers the current secrets of a context, without waiting for a hanging page. */
export async function knowStateOf(
  context: BrowserContext,
  session: string,
  redactor: Redactor,
): Promise<void> {
  const cookies = await within(patienceMs, context.cookies());
  if (cookies) knowState({ playwright: { cookies, origins: [] }, sessionStorage: [] }, session, redactor);
  const state = await within(patienceMs, captureState(context, { patienceMs: patienceMs / 2 }));
  if (state) knowState(state, session, redactor);
}

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
    ...(trail && { steps: trail.steps(redact), consoleErrors: trail.consoleErrors(redact) }),
  };
}
