import type { AccountBook } from './account-book.js';
import type { ConsultationBook } from './consultation.js';
import type { SessionBook } from './session-book.js';

/** What every route of the site works with. */
export interface Site {
  readonly accounts: AccountBook;
  readonly sessions: SessionBook;
  readonly consultations: ConsultationBook;
  readonly nowMs: () => number;
  readonly sessionCookie: string;
  readonly signInAttemptsPerMinute: number;
  readonly rotateSessionCookie: false | { readonly graceSeconds: number };
  readonly testControlKey: string | undefined;
  readonly captchaAtStart: boolean;
  captcha: boolean;
}
