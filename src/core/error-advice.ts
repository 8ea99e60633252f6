import { commandAdvice } from './command-advice.js';
import { declarationAdvice } from './declaration-advice.js';
import type { AuthSessionsErrorCode, ErrorAdvice } from './error-codes.js';
import { handOverAdvice } from './hand-over-advice.js';
import { mailAdvice } from './mail-advice.js';
import { signInAdvice } from './sign-in-advice.js';
import { vaultAdvice } from './vault-advice.js';

/** What an error code means and what to do, in general. A test's own error is specific to its session and reference. */
export function adviceFor(code: string): ErrorAdvice {
  return Object.hasOwn(errorAdvice, code) ? errorAdvice[code as AuthSessionsErrorCode] : unknownCode;
}

const unknownCode: ErrorAdvice = {
  means: 'The failure has no code.',
  next: 'See the error of a test that asked for the session.',
};

/** Advice by code, in the order of the union. */
export const errorAdvice: Readonly<Record<AuthSessionsErrorCode, ErrorAdvice>> = {
  ...declarationAdvice,
  ...vaultAdvice,
  ...mailAdvice,
  ...signInAdvice,
  ...handOverAdvice,
  ...commandAdvice,
};
