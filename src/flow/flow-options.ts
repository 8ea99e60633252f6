import type { BrowserContext, Page } from '@playwright/test';
import type { AuthSessionsError } from '../core/errors.js';
import type { AskPerson, Clock } from '../core/ports.js';
import type { Redactor } from '../redaction/redactor.js';
import type { FlowBrowserOptions } from './flow-context.js';

/** What each run of a flow needs, whether it signs in, checks or signs out. */
export interface FlowOptions extends FlowBrowserOptions {
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Time limits are off while a person debugs. */
  readonly debugging: boolean;
  /** For `person.code`. [fails with `ERR_HUMAN_NEEDED`] */
  readonly askPerson?: AskPerson | undefined;
  /** Keeps a trace of each sign-in in a browser. [no trace] */
  readonly trace?: SignInTrace | undefined;
  /** Lets a person step through a sign-in in a browser. [nobody does] */
  readonly debug?: SignInDebug | undefined;
}

export interface SignInDebug {
  /** Makes the next call in the context pause. */
  begin(context: BrowserContext, session: string): Promise<void>;
  /** Ends stepping, so that calls after the flow's own do not pause. */
  goOn(page: Page): Promise<void>;
  /** Keeps the window of a failed sign-in until the person is done with it. */
  hold(
    page: Page,
    failure: { readonly error: AuthSessionsError; readonly signal: AbortSignal },
  ): Promise<void>;
}

export interface SignInTrace {
  readonly when: 'always' | 'on-failure';
  /**
   * `save` writes Playwright's trace, which has values: all that the sign-in knows are registered before. Returns the
   * redacted file, if it is to be attached to the tests that wait. Never rejects.
   */
  keep(save: (file: string) => Promise<void>, session: string): Promise<string | undefined>;
}
