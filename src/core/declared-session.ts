import type { AuthFlow } from './auth-flow.js';
import type { DeclaredMailbox } from './mailbox.js';
import type { PoolAccount } from './pool-account.js';
import type { SecretReference } from './secret-reference.js';
import type { DeclaredAccess } from './session-access.js';
import type { SessionWebsites, SharedSessionOptions } from './session-options.js';

/** A declared session with defaults filled in, references parsed and its flow loaded. */
export interface DeclaredSession extends Required<
  Omit<SharedSessionOptions, 'baseURL' | 'proxy' | 'contextOptions' | 'totp' | 'websites'>
> {
  readonly name: string;
  readonly type: 'credentials' | 'recorder' | 'runtime';
  readonly flow: AuthFlow<string> | undefined;
  /** Digest of all the flow's sources, so that an edited flow never uses an old state. */
  readonly flowDigest: string;
  /** Includes those of the mailbox, whose names begin with `mailboxPrefix`. */
  readonly values: ReadonlyMap<string, SecretReference>;
  readonly code: SecretReference | undefined;
  readonly baseURL: string | undefined;
  readonly proxy: SharedSessionOptions['proxy'];
  readonly contextOptions: NonNullable<SharedSessionOptions['contextOptions']>;
  readonly totp: NonNullable<SharedSessionOptions['totp']>;
  /** `undefined`: as the items say. */
  readonly websites?: SessionWebsites | undefined;
  readonly exclusive: boolean;
  /** `undefined`: any number. */
  readonly maxConcurrentUses: number | undefined;
  readonly maxWaitSeconds: number;
  /** HTTP credentials and client certificates, whose references are among `values`. */
  readonly access?: DeclaredAccess | undefined;
  /** Set for an account of a pool, whose name is `pool[number]`. */
  readonly account: PoolAccount | undefined;
  readonly mailbox?: DeclaredMailbox | undefined;
  /** The vault connection of its references. [the suite's own vault] */
  readonly vault?: string | undefined;
}
