import { createHmac } from 'node:crypto';
import type { SuiteOptions } from '../core/suite-options.js';
import { sessionDefaults } from '../core/session-defaults.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { Clock, SessionStore, SignInCredentials, Vault } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';
import { SecretValue } from '../core/secret-value.js';
import type { Redactor } from '../redaction/redactor.js';
import { parseTotpSeed, totpCode, type TotpSeed } from '../vault/local/totp-seed.js';
import { createBoundValues } from './bound-values.js';
import { createCodeDesk, type CodeWaiting } from './code-desk.js';
import { totpNotDeclared } from './totp-not-declared.js';

export interface RuntimeCredentialsOptions {
  /** Values from the test; one named `otp` is a seed or an `otpauth://` URI. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly session: DeclaredSession;
  readonly redactor: Redactor;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly fingerprintKey: Uint8Array;
  readonly codes: SuiteOptions['codes'];
  readonly onWait?: CodeWaiting | undefined;
}

/** The credentials of a `runtime` session: registered with the redactor, and discarded after the sign-in. */
export function createRuntimeCredentials(options: RuntimeCredentialsOptions): SignInCredentials {
  const { parameters, session, redactor, clock, store } = options;
  const bound = createBoundValues(session);
  for (const [name, value] of Object.entries(parameters)) {
    const secret = new SecretValue(value, `${session.name}.${name}`);
    redactor.add(secret);
    if (name !== 'otp') bound.add(name, secret);
  }
  const { otp, ...values } = parameters;
  const fingerprint = (text: string) =>
    createHmac('sha256', options.fingerprintKey).update(text).digest('hex');
  return {
    values,
    bound: bound.all,
    sources: new Map(Object.keys(values).map((name) => [name, `parameter "${name}" of the test`])),
    async nextCode(signal, onWait) {
      if (otp === undefined) throw totpNotDeclared(session.name, noSeed);
      const desk = createCodeDesk({
        vault: seedVault(otp, session.name, clock),
        store,
        clock,
        fingerprint,
        onWait: options.onWait,
        minRemainingSeconds: options.codes?.minRemainingSeconds ?? sessionDefaults.minRemainingSeconds,
      });
      const reference = seedReference(fingerprint(otp));
      const code = await desk.handOut({
        session: session.name,
        reference,
        periodSeconds: session.totp.periodSeconds,
        digits: session.totp.digits,
        ...{ signal, onWait },
        onCode: (one) => bound.addCode(one),
      });
      redactor.add(new SecretValue(code, `${session.name}.code`, { kind: 'code' }));
      return code;
    },
  };
}

/**
 * Validates the seed before anything is typed.
 * @throws AuthSessionsError `ERR_TOTP_SEED_INVALID`
 */
export function requireGoodSeed({ otp }: Readonly<Record<string, string>>, session: string): void {
  if (otp !== undefined) seedOf(otp, session);
}

function seedOf(otp: string, session: string): TotpSeed {
  return parseTotpSeed(otp, {
    name: `parameter "otp" of session "${session}"`,
    fix: 'Pass a seed as this parameter in the test.',
  });
}

/** A vault with a single seed. */
function seedVault(otp: string, session: string, clock: Clock): Vault {
  const seed = seedOf(otp, session);
  return {
    kind: 'local',
    resolveAll: () => Promise.resolve(new Map()),
    async readCode() {
      const code = await totpCode(seed, { nowMs: clock.nowMs() });
      return { code: new SecretValue(code, `${session}.code`), periodSeconds: seed.periodSeconds };
    },
    requestCount: () => 0,
  };
}

/** Identifies the account in the claims on time steps. */
function seedReference(id: string): SecretReference {
  return {
    source: 'item',
    text: `runtime ${id}`,
    vault: 'runtime',
    item: id,
    section: undefined,
    field: 'otp',
    kind: 'totp',
  };
}

const noSeed = {
  why: 'the test gave no parameter "otp"',
  next: 'Pass a seed or an otpauth:// URI as the parameter "otp".',
};
