import { fileURLToPath } from 'node:url';
import { asSentence } from '../core/as-sentence.js';
import { adviceFor } from '../core/error-advice.js';
import { AuthSessionsError, finalAnswerOf, type Evidence, type FinalAnswerCode } from '../core/errors.js';
import { publicUrl } from '../core/public-url.js';
import { addressTrouble } from './address-trouble.js';
import { cleanMessage } from './clean-message.js';
import type { RefusalSigns } from './describe-refusal.js';

export interface ExplainOptions {
  /** Redacts the error's text. */
  readonly redact?: (text: string) => string;
  readonly evidence?: Evidence;
  /** A sentence on what the page has, if an element was not found. */
  readonly controls?: string;
  /** What the page says after the flow has sent something. */
  readonly refusal?: RefusalSigns;
  /** The base URL of the flow's pages and requests. */
  readonly baseURL?: string | undefined;
}

/**
 * The error of a failed sign-in, for anything that was thrown. `redact` is applied to the message. The thrown error is
 * not kept as a cause, because Playwright's call log contains typed text.
 */
export function explainSignInFailure(
  error: unknown,
  session: string,
  options: ExplainOptions = {},
): AuthSessionsError {
  const { redact = (text) => text, evidence, baseURL } = options;
  if (error instanceof AuthSessionsError)
    return withSubject(withSights(error, session, options), session, evidence);
  const answer = finalAnswerOf(error);
  const flowLine = answer ? undefined : lineOf(error);
  const shownLine = flowLine === undefined ? undefined : redact(flowLine);
  const said = cleanMessage(error, redact);
  const told = asSentence(
    shownLine === undefined ? said : `${said.replace(/(?<!\.)\.$/, '')} (${shownLine})`,
  );
  if (answer)
    return new AuthSessionsError(
      answer,
      {
        failed: `Session "${session}": ${answers[answer]}`,
        known: [told, pageOf(evidence)].filter(Boolean).join('\n'),
        next: adviceFor(answer).next,
      },
      { session, evidence },
    );
  const { code, failed, next } = addressTrouble(error, baseURL) ?? flowTrouble(session, options);
  return new AuthSessionsError(
    code,
    {
      failed: redact(`Session "${session}": ${failed}`),
      known: [told, ...sights(options)].filter(Boolean).join('\n'),
      next,
    },
    { session, evidence, flowLine: shownLine },
  );
}

function flowTrouble(session: string, { refusal }: ExplainOptions) {
  const fix = 'Fix the flow or the application. --headed shows the browser that signs in. For a trace, run:';
  return {
    code: 'ERR_SIGN_IN_FAILED',
    failed: 'its sign-in failed.',
    next: refusal?.isLikely ? checkValue(session) : `${fix} ${traceCommand(session)}`,
  } as const;
}

/** A flow that does not report a rejection sends a wrong password with every attempt. */
function checkValue(session: string): string {
  return `Check the value, or fix the flow. Let it throw CredentialsRejectedError when the page says so: then no wrong value is sent twice. For a trace, run: ${traceCommand(session)}`;
}

function traceCommand(session: string): string {
  return `npx playwright-auth-sessions renew ${session} --trace FILE`;
}

/** What the page shows, one line each: its address and controls; the application's words. */
function sights({ evidence, controls = '', refusal }: ExplainOptions): readonly string[] {
  return [`${pageOf(evidence)}${controls}`.trim(), refusal?.told ?? ''];
}

function pageOf(evidence: Evidence | undefined): string {
  if (!evidence?.url) return '';
  const { url, title } = evidence;
  return `The page was ${publicUrl(url) ?? ''}${title ? ` ("${title}")` : ''}.`;
}

const answers: Readonly<Record<FinalAnswerCode, string>> = {
  ERR_CREDENTIALS_REJECTED: 'the application rejected its credentials.',
  ERR_ACCOUNT_LOCKED: 'the application reports that its account is locked.',
  ERR_HUMAN_NEEDED: 'the application asks for a person.',
};

/** Our own errors of a flow that waited in vain, or ended too early. */
function withSights(error: AuthSessionsError, name: string, options: ExplainOptions): AuthSessionsError {
  const { code, explanation, session, reference, evidence, flowLine } = error;
  if (code !== 'ERR_SIGN_IN_TIMEOUT' && code !== 'ERR_NOT_SIGNED_IN') return error;
  const { refusal } = options;
  const seen = (code === 'ERR_SIGN_IN_TIMEOUT' ? sights(options) : [refusal?.told ?? '']).filter(Boolean);
  if (seen.length === 0) return error;
  const known = [explanation.known ?? '', ...seen].join('\n');
  const next = refusal?.isLikely ? checkValue(name) : explanation.next;
  return new AuthSessionsError(
    code,
    { ...explanation, known, next },
    { session, reference, evidence, flowLine },
  );
}

/** Keeps what the error already names. The error of a browser that does not start names no session. */
function withSubject(
  error: AuthSessionsError,
  session: string,
  evidence: Evidence | undefined,
): AuthSessionsError {
  const { code, explanation, reference } = error;
  const isNameless =
    ['ERR_BROWSER_MISSING', 'ERR_BROWSER_FAILED', 'ERR_DISPLAY_MISSING'].includes(code) &&
    error.session === undefined;
  if (!isNameless) {
    if (!evidence) return error;
    return new AuthSessionsError(code, explanation, {
      ...{ session: error.session, reference, evidence },
      flowLine: error.flowLine,
    });
  }
  const failed = `Session "${session}": ${explanation.failed}`;
  return new AuthSessionsError(code, { ...explanation, failed }, { session, reference, evidence });
}

/** The line of the flow that threw. */
function lineOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // A message may contain lines that look like a stack.
  const lines = error.stack?.replace(error.message, '').split('\n') ?? [];
  const line = lines.find((one) => /^\s+at .*\.[cm]?[jt]s/.test(one) && !isOwnOrPackages(one));
  return line?.trim();
}

function isOwnOrPackages(line: string): boolean {
  return line.includes('node_modules') || ownFolders.some((folder) => line.includes(folder));
}

/** This package's own files, which are not in `node_modules` if it is linked or developed. */
const ownFolders = ['..', '../../fixtures'].flatMap((folder) => {
  const url = new URL(`${folder}/`, import.meta.url);
  return [url.href, fileURLToPath(url)];
});
