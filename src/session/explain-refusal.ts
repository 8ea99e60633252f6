import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, type FinalAnswerCode } from '../core/errors.js';
import { likelySource } from '../core/likely-source.js';
import { lockedTtlMs, refusedTtlMs, type Refusal, type RefusalCode } from '../core/refusal.js';

/** A session whose credentials were rejected. */
interface RefusedUse {
  readonly session: DeclaredSession;
  /** Where each value came from, by parameter. */
  readonly sources?: ReadonlyMap<string, string> | undefined;
}

/** The error of a session whose credentials were rejected: how long it counts, for whom, and what ends it. */
export function explainFinalAnswer(
  error: AuthSessionsError,
  code: FinalAnswerCode,
  { session, sources, isKept }: RefusedUse & { readonly isKept: boolean },
): AuthSessionsError {
  const { failed, known = '' } = error.explanation;
  const { reference, evidence } = error;
  const holds = isKept ? keptFor(code, known) : notAgain[code];
  // A flow that asked for a code at the terminal has a command that helps.
  const isOwn = code === 'ERR_HUMAN_NEEDED' && error.explanation.next.includes(` create ${session.name} `);
  const next = isOwn ? error.explanation.next : nextFor(code, { said: known, session, sources, isKept });
  return new AuthSessionsError(
    code,
    // After the line of the page.
    { failed, known: `${known}${known.includes('\n') ? '\n' : ' '}${holds}`.trim(), next },
    { session: session.name, reference, evidence },
  );
}

/** The error of a session whose credentials were rejected earlier. */
export function explainEarlierRefusal(
  refusal: Refusal,
  { session, sources, nowMs }: RefusedUse & { readonly nowMs: number },
): AuthSessionsError {
  const { code, said, atMs, ttlMs } = refusal;
  const what =
    code === 'ERR_ACCOUNT_LOCKED' ? 'its account is locked' : 'its credentials were rejected before';
  const who = refusal.session === session.name ? 'It' : `Session "${refusal.session}", of the same account,`;
  const until = session.type === 'runtime' ? 'in this run' : `before ${formatTime(atMs + ttlMs)}`;
  return new AuthSessionsError(
    code,
    {
      failed: `Session "${session.name}": ${what}, so nothing was sent.`,
      known: `${who} was rejected at ${formatTime(atMs)}, ${formatAge(nowMs - atMs)}: ${said} No session sends the same credentials ${until}.`,
      next: nextFor(code, { said, session, sources, isKept: session.type !== 'runtime' }),
    },
    { session: session.name },
  );
}

/** Whether an application's message says that an account is locked, in any error class of the flow. */
export function speaksOfLock(text: string): boolean {
  return lockWords.test(text);
}

/** How long a rejection counts: a lock ends by itself. */
export function ttlOf(code: RefusalCode, said: string): number {
  return code === 'ERR_ACCOUNT_LOCKED' || speaksOfLock(said) ? lockedTtlMs : refusedTtlMs;
}

function keptFor(code: FinalAnswerCode, said: string): string {
  if (code === 'ERR_HUMAN_NEEDED') return notAgain[code];
  const hours = ttlOf(code, said) / hourMs;
  const time = hours === 1 ? 'an hour' : `${hours} hours`;
  return `No session, command or run sends the same credentials again for ${time}, so that the account is not locked.`;
}

interface NextOptions extends RefusedUse {
  readonly said: string;
  /** Whether later runs know it too. */
  readonly isKept: boolean;
}

function nextFor(code: FinalAnswerCode, { said, session, sources, isKept }: NextOptions): string {
  const { name, type, code: otp } = session;
  const isRuntime = type === 'runtime';
  if (code === 'ERR_HUMAN_NEEDED')
    return isRuntime
      ? `${noPerson}.`
      : `${noPerson}, or sign in by hand: npx playwright-auth-sessions record ${name}`;
  if (code === 'ERR_ACCOUNT_LOCKED' || speaksOfLock(said))
    return isKept
      ? `Unlock the account, or wait until the application does. Then run: npx playwright-auth-sessions renew ${name}`
      : 'Unlock the account, or wait until the application does. Then run again.';
  if (isRuntime) return 'Check the parameters that the test passes.';
  const first = likelySource([...(sources?.keys() ?? [])], sources ?? new Map());
  const check = `Check the values of its references${first ? `, first ${first.source}` : ''}`;
  if (!isKept) return `${check}, then run again.`;
  const codes = otp ? ', for example after only the one-time password changed' : '';
  return `${check}. New values are used at once. To send the same values again${codes}, run: npx playwright-auth-sessions renew ${name}`;
}

function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** After the clock was set back, the time may be in the future. */
function formatAge(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const age =
    minutes < 1 ? 'less than a minute' : minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return ms < 0 ? `${age} ahead of the clock` : `${age} ago`;
}

const noAttempt = 'It is not tried again in this run, so that the account is not locked.';
const notAgain: Readonly<Record<FinalAnswerCode, string>> = {
  ERR_CREDENTIALS_REJECTED: noAttempt,
  ERR_ACCOUNT_LOCKED: noAttempt,
  ERR_HUMAN_NEEDED: 'It is not tried again in this run.',
};
const noPerson = 'Turn this off for test accounts';
const hourMs = 60 * 60_000;
const lockWords =
  /\block(?:ed|out)\b|\blocked[ -]out\b|\btoo many (?:failed |incorrect |sign-?in |log-?in )*(?:attempts|requests|tries)\b|\b(?:temporarily|permanently) (?:blocked|disabled|suspended|unavailable)\b|\baccount (?:is |has been |was )?(?:blocked|disabled|suspended|deactivated)\b/i;
