import { adviceFor } from '../core/error-advice.js';
import { AuthSessionsError } from '../core/errors.js';
import { addressTrouble } from './address-trouble.js';
import { cleanMessage } from './clean-message.js';

export interface ExplainCheckOptions {
  readonly redact: (text: string) => string;
  /** The base URL of the flow's pages and requests. */
  readonly baseURL: string | undefined;
}

/**
 * The error of a check that threw, without a cause: its message may quote what the application answered. If nothing
 * answers, the check says nothing about the session, and the error is `ERR_APPLICATION_UNREACHABLE`.
 */
export function explainCheckFailure(
  error: unknown,
  session: string,
  { redact, baseURL }: ExplainCheckOptions,
): Error {
  const said = cleanMessage(error, redact);
  const code = 'ERR_APPLICATION_UNREACHABLE';
  const trouble = addressTrouble(error, baseURL);
  const failed = trouble?.code === code ? trouble.failed : hangs(error) ? unanswered : undefined;
  if (failed === undefined) return new Error(said);
  return new AuthSessionsError(
    code,
    {
      failed: redact(`Session "${session}" was not checked: ${failed}`),
      known: said,
      next: adviceFor(code).next,
    },
    { session },
  );
}

/** Only a page or request that did not load: an element that is not found may mean that it is signed out. */
function hangs(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:page\.(?:goto|reload)|apiRequestContext\.\w+): (?:Timeout|Request timed out)/.test(error.message)
  );
}

const unanswered = 'the application did not answer in time.';
