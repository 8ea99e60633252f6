import type { Clock, VaultCode } from '../../core/ports.js';
import { SecretValue } from '../../core/secret-value.js';
import { parseTotpSeed, totpCode, type SeedPlace } from './totp-seed.js';

export interface SeedCodeOptions {
  /** Label of the seed's values. */
  readonly label: string;
  readonly place: SeedPlace;
  readonly clock: Clock;
  /** Called with each form of the seed before it is used for a code. */
  readonly onSecret: ((secret: SecretValue) => void) | undefined;
}

/** The current code of a seed that is itself in a vault. @throws AuthSessionsError `ERR_TOTP_SEED_INVALID` */
export async function codeOfSeed(
  seedText: SecretValue,
  { label, place, clock, onSecret }: SeedCodeOptions,
): Promise<VaultCode> {
  onSecret?.(seedText);
  const seed = parseTotpSeed(seedText.reveal(), place);
  onSecret?.(new SecretValue(seed.secret, `${label}.seed`));
  const code = await totpCode(seed, { nowMs: clock.nowMs() });
  return { code: new SecretValue(code, `${label}.code`), periodSeconds: seed.periodSeconds };
}
