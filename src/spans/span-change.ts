import type { TraceParent } from './trace-parent.js';

export type SpanName = 'acquire' | 'sign_in' | 'check' | 'vault_call' | 'code_wait';

/** What a span says, by OpenTelemetry's rules for names. All are names, counts and codes: nothing else can be added. */
export interface SpanAttributes {
  readonly 'auth_sessions.session'?: string | undefined;
  /** Without user, password and query. */
  readonly 'auth_sessions.base_url'?: string | undefined;
  readonly 'auth_sessions.outcome'?: SpanOutcome | undefined;
  /** The kind of vault. */
  readonly 'auth_sessions.vault'?: string | undefined;
  readonly 'auth_sessions.connection'?: string | undefined;
  /** How many references a call asked for, and how many of them it could not resolve. */
  readonly 'auth_sessions.references'?: number | undefined;
  readonly 'auth_sessions.unresolved'?: number | undefined;
  /** The code of the error. */
  readonly 'error.type'?: string | undefined;
}

/** The words of notices and summaries. */
export type SpanOutcome =
  | ('created' | 'renewed' | 'restored' | 'memory' | 'failed' | 'refused')
  | 'skipped'
  | ('signed_in' | 'signed_out');

/** What the broker sends to the process that has the project's OpenTelemetry provider. Contains no values. */
export type SpanChange =
  | {
      readonly change: 'start';
      /** Unique for one broker. */
      readonly id: number;
      readonly name: SpanName;
      /** The span around it: one of this broker, or of the project. */
      readonly parent: number | TraceParent | undefined;
      /** Whether it waits for another process or machine. */
      readonly isCall: boolean;
      /** Milliseconds since 1970. */
      readonly atMs: number;
      readonly attributes: SpanAttributes;
    }
  /** It waits for the work of another span of this broker. */
  | { readonly change: 'link'; readonly id: number; readonly to: number }
  | {
      readonly change: 'end';
      readonly id: number;
      readonly atMs: number;
      readonly attributes: SpanAttributes;
    };
