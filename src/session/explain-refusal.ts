import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, type FinalAnswerCode } from '../core/errors.js';
import { lockedTtlMs, refusedTtlMs, type Refusal, type RefusalCode } from '../core/refusal.js';

/** What a session that met a refusal says: how long it holds, for whom, and what ends it. */
export function explainFinalAnswer(
  error: AuthSessionsError,
  code: FinalAnswerCode,
  { session, isKept }: { readonly session: DeclaredSession; readonly isKept: boolean },
): AuthSessionsError {
  const { failed, known = '' } = error.explanation;
  const { reference, evidence } = error;
  const holds = isKept ? keptFor(code, known) : notAgain[code];
  const next = nextFor(code, { said: known, session, isKept });
  return new AuthSessionsError(
    code,
    { failed, known: `${known} ${holds}`.trim(), next },
    { session: session.name, reference, evidence },
  );
}

/** What a session says that was to sign in with what has been refused already. */
export function explainEarlierRefusal(
  refusal: Refusal,
  session: DeclaredSession,
  nowMs: number,
): AuthSessionsError {
  const { code, said, atMs, ttlMs } = refusal;
  const what =
    code === 'ERR_ACCOUNT_LOCKED' ? 'its account is locked' : 'its credentials were refused before';
  const who = refusal.session === session.name ? 'It' : `Session "${refusal.session}", of the same account,`;
  const until = session.type === 'runtime' ? 'in this run' : `before ${formatTime(atMs + ttlMs)}`;
  return new AuthSessionsError(
    code,
    {
      failed: `Session "${session.name}": ${what}, and nothing was sent now.`,
      known: `${who} met the refusal at ${formatTime(atMs)}, ${formatAge(nowMs - atMs)}: ${said} No session sends the same credentials ${until}.`,
      next: nextFor(code, { said, session, isKept: session.type !== 'runtime' }),
    },
    { session: session.name },
  );
}

/** Whether an application says that an account is locked, whatever error its flow has made of it. */
export function speaksOfLock(text: string): boolean {
  return lockWords.test(text);
}

/** How long a refusal holds: a lock ends by itself. */
export function ttlOf(code: RefusalCode, said: string): number {
  return code === 'ERR_ACCOUNT_LOCKED' || speaksOfLock(said) ? lockedTtlMs : refusedTtlMs;
}

function keptFor(code: FinalAnswerCode, said: string): string {
  if (code === 'ERR_HUMAN_NEEDED') return notAgain[code];
  const hours = ttlOf(code, said) / hourMs;
  const time = hours === 1 ? 'an hour' : `${hours} hours`;
  return `No session, command or run sends the same credentials again for ${time}, so that the account is not locked.`;
}

interface NextOptions {
  readonly said: string;
  readonly session: DeclaredSession;
  /** Whether later runs know of it, too. */
  readonly isKept: boolean;
}

function nextFor(code: FinalAnswerCode, { said, session, isKept }: NextOptions): string {
  const { name, type, code: otp } = session;
  const isRuntime = type === 'runtime';
  if (code === 'ERR_HUMAN_NEEDED')
    return isRuntime
      ? `${noPerson}.`
      : `${noPerson}; or sign in by hand: npx playwright-auth-sessions record ${name}`;
  if (code === 'ERR_ACCOUNT_LOCKED' || speaksOfLock(said))
    return isKept
      ? `Unlock the account, or wait until the application does; then run: npx playwright-auth-sessions renew ${name}`
      : 'Unlock the account, or wait until the application does; then run again.';
  if (isRuntime) return 'Check the parameters that the test gives.';
  if (!isKept) return 'Check the values its references name, then run again.';
  const codes = otp ? ', as after a change of the one-time password alone' : '';
  return `Check the values its references name: others are tried at once. To send the same ones again${codes}, run: npx playwright-auth-sessions renew ${name}`;
}

function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A clock that was set back makes what has been a thing of the future. */
function formatAge(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const age =
    minutes < 1 ? 'less than a minute' : minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return ms < 0 ? `${age} ahead of the clock` : `${age} ago`;
}

const noAttempt = 'No other attempt is made in this run, so that the account is not locked.';
const notAgain: Readonly<Record<FinalAnswerCode, string>> = {
  ERR_CREDENTIALS_REJECTED: noAttempt,
  ERR_ACCOUNT_LOCKED: noAttempt,
  ERR_HUMAN_NEEDED: 'It is not tried again in this run.',
};
const noPerson = 'Have the application ask test accounts for no person';
const hourMs = 60 * 60_000;
const lockWords =
  /\block(?:ed|out)\b|\blocked[ -]out\b|\btoo many (?:failed |incorrect |sign-?in |log-?in )*(?:attempts|requests|tries)\b|\b(?:temporarily|permanently) (?:blocked|disabled|suspended|unavailable)\b|\baccount (?:is |has been |was )?(?:blocked|disabled|suspended|deactivated)\b/i;
