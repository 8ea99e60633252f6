import type { BrowserContext, Page } from '@playwright/test';
import type { Evidence } from '../core/errors.js';
import type { Redactor } from '../core/redactor.js';
import { SecretValue } from '../core/secret-value.js';

/** So that an error that quotes one is redacted. */
export async function knowCookies(
  context: BrowserContext,
  session: string,
  redactor: Redactor,
): Promise<void> {
  const cookies = await context.cookies().catch(() => []);
  for (const { name, value } of cookies) redactor.add(new SecretValue(value, `${session} cookie ${name}`));
}

/** Best effort: a page that cannot tell any more takes nothing from the error. */
export async function gatherEvidence(page: Page, redactor: Redactor): Promise<Evidence> {
  const title = await page.title().catch(() => '');
  const screenshot = await page
    .screenshot({
      mask: [page.locator('input, textarea, select, [contenteditable]')],
      timeout: 5000,
      animations: 'disabled',
    })
    .then((png) => png.toString('base64'))
    .catch(() => undefined);
  return { url: redactor.redact(page.url()), title: redactor.redact(title), screenshot };
}
