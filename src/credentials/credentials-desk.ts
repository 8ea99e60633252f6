import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { splitMailboxValues } from '../core/mailbox.js';
import type { SignInCredentials } from '../core/ports.js';
import { SecretValue } from '../core/secret-value.js';
import type { AccessReason } from '../core/vault-access.js';
import type { Redactor } from '../redaction/redactor.js';
import type { AccessLog } from './access-log.js';
import { createBoundValues } from './bound-values.js';
import type { CodeDesk } from './code-desk.js';
import { forSession } from './for-session.js';
import { digitsOf, nextCode } from './next-code.js';
import { valueSources } from './value-sources.js';
import { createVaultAnswers, unanswered, type VaultAnswersOptions } from './vault-answers.js';

export interface CredentialsDeskOptions extends VaultAnswersOptions {
  readonly codes: CodeDesk;
  readonly redactor: Redactor;
}

export interface CredentialsDesk {
  /**
   * The values of a session's references. Each is read once per run, and a failure is remembered. For a sign-in, also
   * makes sure that the code exists.
   * @throws AuthSessionsError for all references that cannot be resolved
   */
  of(session: DeclaredSession, why?: AccessReason): Promise<SignInCredentials>;
  /** Starts a new run in the same process: reads values and failed references again. */
  forgetFailures(): void;
}

/** Reads values in as few requests as possible, and registers each with the redactor before returning it. */
export function createCredentialsDesk(options: CredentialsDeskOptions): CredentialsDesk {
  const { vault, codes, redactor, signal, log = unlogged } = options;
  const answers = createVaultAnswers({ ...options, log });
  const checkedCodes = new Set<string>();

  async function give(session: DeclaredSession, why: AccessReason): Promise<SignInCredentials> {
    const found = await answers.of(session, why);
    const values: Record<string, string> = {};
    const errors: AuthSessionsError[] = [];
    const bound = createBoundValues(session);
    for (const [parameter, { text }] of session.values) {
      const answer = found.get(text) ?? unanswered(text);
      if (answer instanceof AuthSessionsError) errors.push(forSession(answer, session.name));
      else {
        redactor.add(new SecretValue(answer.reveal(), `${session.name}.${parameter}`));
        values[parameter] = answer.reveal();
        bound.add(parameter, answer);
      }
    }
    if (why !== 'test') errors.push(...(await troubleOfCode(session, why)));
    if (errors.length > 0) throw joinErrors(errors);
    return {
      ...splitMailboxValues(values),
      ...(session.websites !== 'ignore' && { bound: bound.all }),
      sources: valueSources(session, vault),
      nextCode: (ended, onWait) =>
        nextCode(session, why, {
          ...{ codes, redactor, log, onWait, signal: AbortSignal.any([ended, signal]) },
          onCode: (code) => bound.addCode(code),
        }),
    };
  }

  /** Checked before anything is typed: applications count a sign-in without its code as an attempt. */
  async function troubleOfCode(session: DeclaredSession, why: AccessReason): Promise<AuthSessionsError[]> {
    const { name, code: reference, totp } = session;
    if (!reference || checkedCodes.has(reference.text)) return [];
    const access = { reference: reference.text, session: name, why, from: 'vault' } as const;
    try {
      if (reference.purpose && (await vault.hasCode?.(reference, signal)) === false) return [];
      await log.record(access, () => codes.check({ session: name, reference, signal, ...digitsOf(totp) }));
      checkedCodes.add(reference.text);
      return [];
    } catch (error) {
      if (!(error instanceof AuthSessionsError)) throw error;
      return [error.session === undefined ? forSession(error, name, reference.text) : error];
    }
  }

  /** Concurrent readers get the new values. If there are none, the old ones stay. */
  async function reread(
    session: DeclaredSession,
    why: AccessReason,
    old: SignInCredentials['values'],
  ): Promise<SignInCredentials | undefined> {
    const putBack = answers.takeOut(session);
    try {
      const again = await give(session, why);
      return Object.entries(again.values).some(([name, value]) => old[name] !== value) ? again : undefined;
    } catch {
      putBack();
      return undefined;
    }
  }

  return {
    async of(session, why = 'create') {
      answers.forgetOld();
      const hasOld = answers.hasAny(session);
      const credentials = await give(session, why);
      if (!hasOld) return credentials;
      return { ...credentials, reread: () => reread(session, why, credentials.values) };
    },
    forgetFailures() {
      answers.forget();
      checkedCodes.clear();
    },
  };
}

const unlogged: Pick<AccessLog, 'record'> = { record: (_, work) => work() };
