import type { UseOutcome } from './session-event.js';

/** The type of the annotations that name a test's session in reports. */
export const annotationType = 'auth session';

/** What a report shows about one session of a test. */
export interface SessionAnnotation {
  readonly session: string;
  readonly outcome: UseOutcome;
  /** Set on failure. */
  readonly errorCode?: string | undefined;
}

/** `admin (restored)`, `admin (failed: ERR_CREDENTIALS_REJECTED)`. */
export function formatAnnotation({ session, outcome, errorCode }: SessionAnnotation): string {
  return `${session} (${outcome}${errorCode === undefined ? '' : `: ${errorCode}`})`;
}

/** Parses a text from `formatAnnotation`; `undefined` for any other text. */
export function parseAnnotation(text: string): SessionAnnotation | undefined {
  const { session, outcome, errorCode } = annotationPattern.exec(text)?.groups ?? {};
  if (session === undefined || outcome === undefined) return undefined;
  return { session, outcome: outcome as UseOutcome, ...(errorCode !== undefined && { errorCode }) };
}

const annotationPattern =
  /^(?<session>.+) \((?<outcome>created|restored|renewed|failed|memory)(?:: (?<errorCode>ERR_[A-Z_]+))?\)$/s;
