import type { createClient } from '@1password/sdk';
import type { Clock } from '../../core/ports.js';
import type { SecretReference } from '../../core/secret-reference.js';
import type { SecretValue } from '../../core/secret-value.js';
import type { OnePasswordAuth } from './one-password-auth.js';

/** How a 1Password vault signs in, is named and is limited. */
export interface OnePasswordVaultOptions {
  readonly auth: OnePasswordAuth;
  /** Name and version of the requests in 1Password's usage report. */
  readonly integrationName: string;
  readonly integrationVersion: string;
  readonly clock: Clock;
  /** 0 to 1, as `Math.random`: for the pauses between retries. */
  readonly random: () => number;
  /** Time limit of one SDK call including retries; the SDK itself has none. [15000] */
  readonly deadlineMs?: number | undefined;
  /** Includes sign-ins. [500] */
  readonly maxRequests?: number | undefined;
  /** Makes the SDK's client, which signs in. [`createClient` of the SDK, loaded on first use] */
  readonly createClient?: typeof createClient | undefined;
  /** Whether values of a plain reference need the websites of its item: one more list for each vault. [no] */
  readonly needsWebsites?: ((reference: SecretReference) => boolean) | undefined;
  /** Called with a seed that is a variable of an Environment, before it is used for a code. */
  readonly onSecret?: ((secret: SecretValue) => void) | undefined;
}
