import type { AuthSessionsError } from '../core/errors.js';
import type { AskPerson } from '../core/ports.js';
import type { SessionEvent } from '../core/session-event.js';
import type { CodeWaiting } from '../credentials/code-desk.js';
import type { SignInDebug, SignInTrace } from '../flow/flow-options.js';
import type { Redactor } from '../redaction/redactor.js';
import type { HeldAsk } from '../session/use-ask.js';
import type { SpanChange } from '../spans/span-change.js';
import type { StartMessage } from '../wire/runner-messages.js';

export interface BrokerServiceOptions extends Omit<
  StartMessage,
  'type' | 'address' | 'pass' | 'runFolder' | 'artifactFolders' | 'declared' | 'notesSpans' | 'held'
> {
  readonly redactor?: Redactor;
  /** The session whose flow will be recorded: its file may be missing. */
  readonly flowToCome?: string | undefined;
  /** If `false`, a missing vault credential is an error only when the vault is used. [true] */
  readonly needsVault?: boolean;
  readonly onEvent?: (event: SessionEvent) => void;
  /** Called when a span of the broker's work begins and ends. [no spans] */
  readonly onSpan?: ((change: SpanChange) => void) | undefined;
  readonly onFailure?: (key: string, error: AuthSessionsError) => void;
  /** Wraps each wait for a fresh code. */
  readonly onCodeWait?: CodeWaiting | undefined;
  /** Keeps a trace of each sign-in in a browser. [by the suite's `signInTrace`] */
  readonly trace?: SignInTrace | undefined;
  /** For a command with `PWDEBUG`: Playwright pauses in flows, which have no time limits then. [false] */
  readonly debugging?: boolean;
  /** Lets a person step through sign-ins in a browser: one attempt each, without the flow's time limit. [nobody does] */
  readonly debug?: SignInDebug | undefined;
  /** For `signInTrace`: Playwright's output folders. [none] */
  readonly artifactFolders?: readonly string[];
  /** For flows that ask a person. [nobody is there] */
  readonly askPerson?: AskPerson | undefined;
  /** Called now and then with a line about a test that waits for an account. */
  readonly onUseWait?: ((line: string) => void) | undefined;
  /** What workers have from a broker before this one. */
  readonly held?: readonly HeldAsk[] | undefined;
  readonly onHeld?: ((ask: HeldAsk) => void) | undefined;
  readonly onNotHeld?: ((ticket: string) => void) | undefined;
  readonly knownFailures?: ReadonlyMap<string, AuthSessionsError>;
}
