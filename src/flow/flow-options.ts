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
}

export interface SignInTrace {
  /** `save` writes Playwright's trace, which has values: all that the sign-in knows are registered before. */
  keep(save: (file: string) => Promise<void>): Promise<void>;
}
