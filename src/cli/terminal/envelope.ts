import type { AuthSessionsError } from '../../core/errors.js';

/** What every command prints with `--json`: one object, on one line, in this shape. */
export interface Envelope {
  /** Of this shape. It grows when something is taken away or changes its meaning; more may be added any time. */
  readonly version: 1;
  /** Such as `list` or `local init`. */
  readonly command: string;
  /** Whether the exit code is 0. */
  readonly ok: boolean;
  /** What the command is about; `null` when it did not come that far. */
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
