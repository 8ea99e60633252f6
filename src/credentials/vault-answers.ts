import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Vault } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';
import { SecretValue } from '../core/secret-value.js';
import { tooLarge } from '../core/value-size.js';
import type { AccessReason } from '../core/vault-access.js';
import type { AccessLog } from './access-log.js';

/** What the vault answered in this run, by reference: each is asked once, for several sessions in one request. */
export interface VaultAnswers {
  /** The answers to a session's references. */
  of(session: DeclaredSession, why: AccessReason): Promise<ReadonlyMap<string, VaultAnswer>>;
  /** Whether one of them is known already. */
  hasAny(session: DeclaredSession): boolean;
  /** The next who asks gets new ones, until they are put back. */
  takeOut(session: DeclaredSession): () => void;
  /** Forgets those that are older than `maxAgeMs`. */
  forgetOld(): void;
  /** Starts a new run in the same process. */
  forget(): void;
}

export type VaultAnswer = SecretValue | AuthSessionsError;

export interface VaultAnswersOptions {
  readonly vault: Vault;
  /** The other sessions that must sign in too, whose values are read in the same request. */
  readonly alsoNeeded: (asked: DeclaredSession) => Promise<readonly DeclaredSession[]>;
  /** Logs requests to the vault. */
  readonly log?: Pick<AccessLog, 'record'>;
  /** Older values are forgotten, and read again when needed. [never within a run] */
  readonly maxAgeMs?: number | undefined;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
}

export function createVaultAnswers(
  options: VaultAnswersOptions & Required<Pick<VaultAnswersOptions, 'log'>>,
): VaultAnswers {
  const { vault, signal, log, maxAgeMs = Infinity, nowMs = Date.now } = options;
  const answers = new Map<string, Promise<VaultAnswer>>();
  const readAtMs = new Map<string, number>();

  /** A value does not get younger when the clock is set back. */
  function forgetOld(): void {
    for (const [text, atMs] of readAtMs)
      if (Math.abs(nowMs() - atMs) >= maxAgeMs) {
        readAtMs.delete(text);
        answers.delete(text);
      }
  }

  async function answersFor(
    asked: DeclaredSession,
    why: AccessReason,
  ): Promise<ReadonlyMap<string, VaultAnswer>> {
    const known = new Set([...answers.keys()]);
    if (!isKnown(asked, answers)) read([asked, ...(await options.alsoNeeded(asked))], why);
    const found = [...asked.values.values()].map(async ({ text }): Promise<[string, VaultAnswer]> => {
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

  return {
    of: answersFor,
    hasAny: (session) => textsOf(session).some((text) => answers.has(text)),
    takeOut(session) {
      const before = textsOf(session).map((text) => [text, answers.get(text)] as const);
      for (const [text] of before) answers.delete(text);
      return () => {
        for (const [text, answer] of before) if (answer) answers.set(text, answer);
      };
    },
    forgetOld,
    forget() {
      answers.clear();
      readAtMs.clear();
    },
  };
}

function textsOf({ values }: DeclaredSession): string[] {
  return [...values.values()].map(({ text }) => text);
}

/** A text file is read before its size is known. */
function ofUsableSize(reference: SecretReference, answer: VaultAnswer): VaultAnswer {
  if (answer instanceof AuthSessionsError) return answer;
  const size = Buffer.byteLength(answer.reveal(), reference.kind === 'bytes' ? 'base64' : 'utf8');
  return tooLarge(reference, size) ?? answer;
}

function isKnown(session: DeclaredSession, answers: ReadonlyMap<string, unknown>): boolean {
  return [...session.values.values()].every(({ text }) => answers.has(text));
}

/** For a reference that a vault has left out. */
export function unanswered(text: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_VAULT_FAILED',
    {
      failed: `The vault returned no value for "${text}".`,
      next: 'Run again. If it fails again, report it.',
    },
    { reference: text },
  );
}
