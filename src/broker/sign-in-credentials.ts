import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import type { SignInCredentials, Vault } from '../core/ports.js';
import type { Redactor } from '../core/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import type { CodeDesk } from './hand-out-code.js';

export interface CredentialsDeskOptions {
  readonly vault: Vault;
  readonly codes: CodeDesk;
  readonly redactor: Redactor;
  /** The sessions whose values are worth reading in the same go: those that will have to sign in as well. */
  readonly alsoNeeded: (asked: DeclaredSession) => Promise<readonly DeclaredSession[]>;
  readonly signal: AbortSignal;
}

export interface CredentialsDesk {
  /**
   * The values of a session's references. Each is read once per run; a failure is kept, too.
   * @throws AuthSessionsError of the references that cannot be answered, all at once
   */
  of(session: DeclaredSession): Promise<SignInCredentials>;
  /** Values and failures are read again: a new run in the same process has begun. */
  forget(): void;
}

type Answer = SecretValue | AuthSessionsError;

/** Reads values in as few requests as can be, and has the redactor know each before anyone gets it. */
export function createCredentialsDesk(options: CredentialsDeskOptions): CredentialsDesk {
  const { vault, codes, redactor, signal } = options;
  const answers = new Map<string, Promise<Answer>>();

  async function answersFor(asked: DeclaredSession): Promise<Map<string, Answer>> {
    if (!isKnown(asked, answers)) read([asked, ...(await options.alsoNeeded(asked))]);
    const found = [...asked.values.values()].map(async ({ text }): Promise<[string, Answer]> => [
      text,
      (await answers.get(text)) ?? unanswered(text),
    ]);
    return new Map(await Promise.all(found));
  }

  function read(sessions: readonly DeclaredSession[]): void {
    const missing = new Map(
      sessions
        .flatMap((session) => [...session.values.values()])
        .filter(({ text }) => !answers.has(text))
        .map((reference) => [reference.text, reference]),
    );
    if (missing.size === 0) return;
    const reading = vault.resolveAll([...missing.values()], signal);
    for (const text of missing.keys()) {
      const answer = reading.then((all) => all.get(text) ?? unanswered(text));
      answers.set(text, answer);
      // A vault that could not be asked may answer later; the failed sign-in itself is remembered elsewhere.
      answer.catch(() => answers.get(text) === answer && answers.delete(text));
    }
  }

  return {
    async of(session) {
      const found = await answersFor(session);
      const values: Record<string, string> = {};
      const errors: AuthSessionsError[] = [];
      for (const [parameter, { text }] of session.values) {
        const answer = found.get(text) ?? unanswered(text);
        if (answer instanceof AuthSessionsError) errors.push(forSession(answer, session.name));
        else {
          redactor.add(new SecretValue(answer.reveal(), `${session.name}.${parameter}`));
          values[parameter] = answer.reveal();
        }
      }
      if (errors.length > 0) throw joinErrors(errors);
      return {
        values,
        nextCode: (ended) => nextCode(session, codes, redactor, AbortSignal.any([ended, signal])),
      };
    },
    forget() {
      answers.clear();
    },
  };
}

async function nextCode(
  session: DeclaredSession,
  codes: CodeDesk,
  redactor: Redactor,
  signal: AbortSignal,
): Promise<string> {
  if (!session.code)
    throw new AuthSessionsError(
      'ERR_TOTP_NOT_DECLARED',
      {
        failed: `Session "${session.name}" has no one-time code.`,
        known: 'totp() was called, and none of its parameters has "?attribute=otp".',
        next: 'Add to its parameters: otp: "op://vault/item/one-time password?attribute=otp".',
      },
      { session: session.name },
    );
  const code = await codes.handOut({
    session: session.name,
    reference: session.code,
    periodSeconds: session.totp.periodSeconds,
    digits: session.totp.digits,
    signal,
  });
  redactor.add(new SecretValue(code, `${session.name}.code`));
  return code;
}

function isKnown(session: DeclaredSession, answers: ReadonlyMap<string, unknown>): boolean {
  return [...session.values.values()].every(({ text }) => answers.has(text));
}

/** The vault's error is about a reference; told once more with the session that asked for it. */
function forSession(error: AuthSessionsError, session: string): AuthSessionsError {
  const { failed, known, next } = error.explanation;
  return new AuthSessionsError(
    error.code,
    { failed: `Session "${session}": ${failed}`, known, next },
    { session, reference: error.reference, cause: error.cause },
  );
}

function unanswered(text: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_VAULT_FAILED',
    { failed: `The vault gave no answer for "${text}".`, next: 'Run again; if it stays so, report it.' },
    { reference: text },
  );
}
