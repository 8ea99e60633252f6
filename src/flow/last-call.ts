import type { Page } from '@playwright/test';
import { publicUrl } from '../core/public-url.js';
import type { Redactor } from '../redaction/redactor.js';
import { describeCall } from './describe-call.js';
import type { CallWatcher, PlaywrightCall } from './playwright-calls.js';

/** Remembers the last call of a check: the line that decided is there, or right below. */
export interface LastCall {
  readonly watcher: CallWatcher;
  /** `GET /api/me at /suite/shop.ts:14:20; the page was /sign-in`. `undefined` if nothing was called. */
  describe(redactor: Pick<Redactor, 'redact'>, page?: Page): string | undefined;
}

export function createLastCall(): LastCall {
  let last: PlaywrightCall | undefined;
  return {
    watcher(call) {
      last = call;
      return () => undefined;
    },
    describe(redactor, page) {
      if (!last) return undefined;
      const redact = (text: string) => redactor.redact(text);
      const locate = (selector: string) => (page ? String(page.locator(selector)) : selector);
      const where = last.at === undefined ? '' : ` at ${redact(last.at)}`;
      const shown = page && `; the page was ${publicUrl(redact(page.url())) ?? ''}`;
      return `${describeCall(last, { locate, redact })}${where}${shown ?? ''}`;
    },
  };
}
