import { parse } from '@otplib/uri';
import { AuthSessionsError } from '../../core/errors.js';
import type { TotpParameters } from '../../core/totp.js';

/** A shared secret and how its codes are made (RFC 6238). */
export interface TotpSeed extends TotpParameters {
  /** Base32, RFC 4648 section 6. */
  readonly secret: string;
}

/** Where a seed is, for the error of one that cannot be used. */
export interface SeedPlace {
  /** `QA__ADMIN__OTP (.env.auth-sessions)` */
  readonly name: string;
  /** What to do there: `Correct the line of QA__ADMIN__OTP.` */
  readonly fix: string;
}

/**
 * Reads a Base32 seed, spaces allowed, or an `otpauth://totp/…` URI with its algorithm, digits and period.
 * Defaults: SHA-1, 6 digits, 30 s (RFC 6238 section 1.2).
 *
 * Key URI format: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 * @throws AuthSessionsError `ERR_TOTP_SEED_INVALID`, saying what is wrong and never the seed
 */
export function parseTotpSeed(text: string, place: SeedPlace): TotpSeed {
  const seed = /^otpauth:/i.test(text.trim()) ? parseUri(text.trim(), place) : { ...defaults, secret: text };
  const secret = seed.secret.replaceAll(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  const wrong = /[^A-Z2-7]/.exec(secret);
  if (secret === '') throw invalid(place, 'It is empty.');
  if (wrong) throw invalid(place, `Character ${wrong.index + 1} of its seed is not Base32 (A-Z, 2-7).`);
  if (secret.length < 16)
    throw invalid(place, `Its seed has ${secret.length} characters, but 80 bits need at least 16.`);
  if ([1, 3, 6].includes(secret.length % 8))
    throw invalid(
      place,
      `Its seed has ${secret.length} characters, which no Base32 text has: some are missing.`,
    );
  return { ...seed, secret: withoutUnusedBits(secret) };
}

/** The code of a seed at a time, from otplib. */
export async function totpCode(seed: TotpSeed, { nowMs }: { readonly nowMs: number }): Promise<string> {
  const { secret, algorithm, digits, periodSeconds } = seed;
  const { createGuardrails, generate } = await import('otplib'); // runs with stored sessions need no code
  return generate({
    secret,
    algorithm,
    digits: digits,
    period: periodSeconds,
    epoch: Math.floor(nowMs / 1000),
    guardrails: createGuardrails(anyLengthAllowed),
  });
}

/** At least 80 bits, as many applications use, although RFC 4226 section 4 requires 128. */
const anyLengthAllowed = { MIN_SECRET_BYTES: 10, MAX_SECRET_BYTES: 1024 };

const defaults: TotpParameters = { algorithm: 'sha1', digits: 6, periodSeconds: 30 };

/** Clears the bits after the last whole byte: some applications set them, and otplib rejects that. */
function withoutUnusedBits(secret: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const unused = 2 ** ((secret.length * 5) % 8);
  const last = letters.indexOf(secret.slice(-1));
  return secret.slice(0, -1) + letters.charAt(last - (last % unused));
}

function parseUri(text: string, place: SeedPlace): TotpSeed {
  const uri = readUri(text);
  if (!uri) throw invalid(place, 'It is not a well-formed otpauth:// URI.');
  if (uri.type !== 'totp')
    throw invalid(place, 'It is a counter-based URI (otpauth://hotp/…), which is not supported.');
  const { secret, algorithm = 'sha1', digits = 6, period = 30 } = uri.params;
  if (!Number.isInteger(period) || period < 1) throw invalid(place, 'Its period is not a number of seconds.');
  return { secret, algorithm, digits, periodSeconds: period };
}

function readUri(text: string): ReturnType<typeof parse> | undefined {
  try {
    return parse(text.replace(/^otpauth:\/\/[a-z]+/i, (start) => start.toLowerCase()));
  } catch {
    // The error's message quotes the URI with the seed.
    return undefined;
  }
}

function invalid({ name, fix }: SeedPlace, known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_TOTP_SEED_INVALID', {
    failed: `The TOTP seed in ${name} is invalid.`,
    known,
    next: `${fix} ${whatSeedsAre}`,
  });
}

const whatSeedsAre =
  'A seed is Base32 (A-Z and 2-7, 16 or more, such as JBSW Y3DP …) or an otpauth://totp/… URI, which the application shows when TOTP is set up.';
