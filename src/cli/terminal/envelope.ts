import type { AuthSessionsError } from '../../core/errors.js';

/** The JSON object that every command prints on one line with `--json`. */
export interface Envelope {
  /**
   * Version of this shape. It increases when a field is removed or changes its meaning. Fields may be added at any
   * time.
   */
  readonly version: 1;
  /** For example `list` or `local init`. */
  readonly command: string;
  /** Whether the exit code is 0. */
  readonly ok: boolean;
  /** The command's result; `null` if it failed earlier. */
  readonly data: unknown;
  readonly errors: readonly EnvelopeError[];
}

export interface EnvelopeError {
  readonly code: string;
  readonly failed: string;
  readonly known: string | null;
  readonly next: string;
  readonly session: string | null;
  readonly reference: string | null;
}

export function createEnvelope(
  command: string,
  { ok, data, errors }: { ok: boolean; data: unknown; errors: readonly AuthSessionsError[] },
): Envelope {
  return { version: 1, command, ok, data: data ?? null, errors: errors.map(describe) };
}

function describe({ code, explanation, session, reference }: AuthSessionsError): EnvelopeError {
  const { failed, known, next } = explanation;
  return {
    code,
    failed,
    known: known ?? null,
    next,
    session: session ?? null,
    reference: reference ?? null,
  };
}
