import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { splitMailboxValues } from '../core/mailbox.js';
import type { SignInCredentials, Vault } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';
import { SecretValue } from '../core/secret-value.js';
import { tooLarge } from '../core/value-size.js';
import type { AccessReason } from '../core/vault-access.js';
import type { Redactor } from '../redaction/redactor.js';
import type { AccessLog } from './access-log.js';
import { createBoundValues } from './bound-values.js';
import type { CodeDesk } from './code-desk.js';
import { forSession } from './for-session.js';
import { digitsOf, nextCode } from './next-code.js';
import { valueSources } from './value-sources.js';

export interface CredentialsDeskOptions {
  readonly vault: Vault;
  readonly codes: CodeDesk;
  readonly redactor: Redactor;
  /** The other sessions that must sign in too, whose values are read in the same request. */
  readonly alsoNeeded: (asked: DeclaredSession) => Promise<readonly DeclaredSession[]>;
  /** Logs requests to the vault. */
  readonly log?: Pick<AccessLog, 'record'>;
  /** Older values are forgotten, and read again when needed. [never within a run] */
  readonly maxAgeMs?: number | undefined;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
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

type Answer = SecretValue | AuthSessionsError;

/** Reads values in as few requests as possible, and registers each with the redactor before returning it. */
export function createCredentialsDesk(options: CredentialsDeskOptions): CredentialsDesk {
  const { vault, codes, redactor, signal, log = unlogged, maxAgeMs = Infinity, nowMs = Date.now } = options;
  const answers = new Map<string, Promise<Answer>>();
  const readAtMs = new Map<string, number>();
  const checkedCodes = new Set<string>();

  /** A value does not get younger when the clock is set back. */
  function forgetOld(): void {
    for (const [text, atMs] of readAtMs)
      if (Math.abs(nowMs() - atMs) >= maxAgeMs) {
        readAtMs.delete(text);
        answers.delete(text);
      }
  }

  async function answersFor(asked: DeclaredSession, why: AccessReason): Promise<Map<string, Answer>> {
    const known = new Set([...answers.keys()]);
    if (!isKnown(asked, answers)) read([asked, ...(await options.alsoNeeded(asked))], why);
    const found = [...asked.values.values()].map(async ({ text }): Promise<[string, Answer]> => {
      const answer = async () => (await answers.get(text)) ?? unanswered(text);
      const access = { reference: text, session: asked.name, why, from: 'memory' } as const;
      return [text, await (known.has(text) ? log.record(access, answer) : answer())];
    });
    return new Map(await Promise.all(found));
  }

  function read(sessions: readonly DeclaredSession[], why: AccessReason): void {
    const missing = new Map<string, { reference: SecretReference; session: string }>();
    for (const { name, values } of sessions)
      for (const reference of values.values())
        if (!answers.has(reference.text) && !missing.has(reference.text))
          missing.set(reference.text, { reference, session: name });
    if (missing.size === 0) return;
    const references = [...missing.values()].map(({ reference }) => reference);
    const reading = vault.resolveAll(references, signal);
    for (const [text, { reference, session }] of missing) {
      const answer = log.record({ reference: text, session, why, from: 'vault' }, () =>
        reading.then((all) => ofUsableSize(reference, all.get(text) ?? unanswered(text))),
      );
      answers.set(text, answer);
      readAtMs.delete(text);
      answer.then(
        (found) =>
          found instanceof SecretValue && answers.get(text) === answer && readAtMs.set(text, nowMs()),
        () => undefined,
      );
      // The vault may be available later. The failed sign-in itself is remembered elsewhere.
      answer.catch(() => answers.get(text) === answer && answers.delete(text));
    }
  }

  async function give(session: DeclaredSession, why: AccessReason): Promise<SignInCredentials> {
    const found = await answersFor(session, why);
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
    const texts = [...session.values.values()].map(({ text }) => text);
    const before = texts.map((text) => [text, answers.get(text)] as const);
    for (const text of texts) answers.delete(text);
    try {
      const again = await give(session, why);
      return Object.entries(again.values).some(([name, value]) => old[name] !== value) ? again : undefined;
    } catch {
      for (const [text, answer] of before) if (answer) answers.set(text, answer);
      return undefined;
    }
  }

  return {
    async of(session, why = 'create') {
      forgetOld();
      const hasOld = [...session.values.values()].some(({ text }) => answers.has(text));
      const credentials = await give(session, why);
      if (!hasOld) return credentials;
      return { ...credentials, reread: () => reread(session, why, credentials.values) };
    },
    forgetFailures() {
      answers.clear();
      readAtMs.clear();
      checkedCodes.clear();
    },
  };
}

const unlogged: Pick<AccessLog, 'record'> = { record: (_, work) => work() };

/** A text file is read before its size is known. */
function ofUsableSize(reference: SecretReference, answer: Answer): Answer {
  if (answer instanceof AuthSessionsError) return answer;
  const size = Buffer.byteLength(answer.reveal(), reference.kind === 'bytes' ? 'base64' : 'utf8');
  return tooLarge(reference, size) ?? answer;
}

function isKnown(session: DeclaredSession, answers: ReadonlyMap<string, unknown>): boolean {
  return [...session.values.values()].every(({ text }) => answers.has(text));
}

function unanswered(text: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_VAULT_FAILED',
    {
      failed: `The vault returned no value for "${text}".`,
      next: 'Run again. If it fails again, report it.',
    },
    { reference: text },
  );
}
