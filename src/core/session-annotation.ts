import type { UseOutcome } from './session-event.js';

/** The type of the annotations that say in a report which session a test had. */
export const annotationType = 'auth session';

/** What a report says of one session of a test. */
export interface SessionAnnotation {
  readonly session: string;
  readonly outcome: UseOutcome;
  /** Of a failure. */
  readonly errorCode?: string | undefined;
}

/** `admin (restored)`, `admin (failed: ERR_CREDENTIALS_REJECTED)`. */
export function formatAnnotation({ session, outcome, errorCode }: SessionAnnotation): string {
  return `${session} (${outcome}${errorCode === undefined ? '' : `: ${errorCode}`})`;
}

/** Reads what `formatAnnotation` wrote; `undefined` for another text. */
export function parseAnnotation(text: string): SessionAnnotation | undefined {
  const { session, outcome, errorCode } = annotationPattern.exec(text)?.groups ?? {};
  if (session === undefined || outcome === undefined) return undefined;
  return { session, outcome: outcome as UseOutcome, ...(errorCode !== undefined && { errorCode }) };
}

const annotationPattern =
  /^(?<session>.+) \((?<outcome>created|restored|renewed|failed|memory)(?:: (?<errorCode>ERR_[A-Z_]+))?\)$/s;
