import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Waiting } from '../core/ports.js';
import { SecretValue } from '../core/secret-value.js';
import type { AccessReason } from '../core/vault-access.js';
import type { Redactor } from '../redaction/redactor.js';
import type { AccessLog, StartedAccess } from './access-log.js';
import type { CodeDesk } from './code-desk.js';
import { forSession } from './for-session.js';
import { totpNotDeclared } from './totp-not-declared.js';

interface NextCodeOptions {
  readonly codes: CodeDesk;
  readonly redactor: Redactor;
  readonly log: Pick<AccessLog, 'record'>;
  /** Called with the code, which has the websites of its item, before it is returned. */
  readonly onCode?: (code: SecretValue) => void;
  readonly onWait?: Waiting | undefined;
  readonly signal: AbortSignal;
}

/**
 * The next unused code of a session, registered with the redactor and written to the log.
 *
 * @throws AuthSessionsError `ERR_TOTP_NOT_DECLARED`, or why there is no code
 */
export async function nextCode(
  session: DeclaredSession,
  why: AccessReason,
  desk: NextCodeOptions,
): Promise<string> {
  const { name, code: reference, totp } = session;
  if (!reference) throw totpNotDeclared(name, noCode);
  const access: StartedAccess = { reference: reference.text, session: name, why, from: 'vault' };
  const onKnown = () => (access.from = 'memory');
  const { signal, onCode, onWait } = desk;
  const handOut = () =>
    desk.codes.handOut({
      ...{ session: name, reference, signal, ...digitsOf(totp), onKnown, onWait },
      ...(onCode && { onCode }),
    });
  const code = await desk.log.record(access, handOut).catch((error: unknown) => {
    const isNameless = error instanceof AuthSessionsError && error.session === undefined;
    throw isNameless ? forSession(error, name, reference.text) : error;
  });
  desk.redactor.add(new SecretValue(code, `${name}.code`, { kind: 'code' }));
  return code;
}

/** What a session declares of its codes. */
export function digitsOf({ periodSeconds, digits }: DeclaredSession['totp']) {
  return { periodSeconds, digits };
}

const noCode = {
  why: 'no parameter has "?attribute=otp"',
  next: 'Add to its parameters: otp: "op://vault/item/one-time password?attribute=otp".',
};
