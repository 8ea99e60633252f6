/**
 * A variable that only one vault gets: it is removed from the environment of tests, and redacted. Only variables with
 * this beginning are.
 */
export type VaultSecretName = `AUTH_SESSIONS_VAULT_${string}`;

/** The parts of `op://vault/item/[section/]field`. They mean what your vault makes of them. */
export interface VaultReference {
  /** The whole reference, by which answers are given. */
  readonly text: string;
  readonly vault: string;
  readonly item: string;
  readonly section: string | undefined;
  readonly field: string;
}

/** What a vault's functions get besides references. */
export interface VaultCall<Name extends VaultSecretName = VaultSecretName> {
  /** The values of the variables in `secrets`. */
  readonly secrets: Readonly<Record<Name, string>>;
  /** Aborted at the deadline, and when the run stops. Pass it to `fetch`. */
  readonly signal: AbortSignal;
}

/**
 * Values by the `text` of their reference, or the reason why there is none. A missing one was not found. Bytes are for
 * references with `?encoding=base64`, and are encoded for you; so is a text.
 */
export type VaultAnswers = ReadonlyMap<string, string | Uint8Array | VaultError<ReferenceProblem>>;

/** A code, or the seed of codes, in Base32 or as an `otpauth://` URI, which stays in the broker. */
export type VaultCodeAnswer =
  | { readonly code: string; readonly periodSeconds?: number }
  | { readonly seed: string };

/** A vault other than 1Password. It is used in the broker only. */
export interface VaultOptions<Name extends VaultSecretName = never> {
  /** Names it in messages and reports: `hashicorp`. */
  readonly name: string;
  /** Variables with its credential. If they are set, a run is deployed. [none: a run is always deployed] */
  readonly secrets?: readonly Name[];
  /**
   * Reads values, if possible in one request. Throw a `VaultError` if the vault as a whole does not answer. A value never
   * belongs into an error.
   */
  resolveAll(references: readonly VaultReference[], call: VaultCall<Name>): Promise<VaultAnswers>;
  /** Reads a one-time code. [`resolveAll` gives the seed] */
  readCode?(reference: VaultReference, call: VaultCall<Name>): Promise<VaultCodeAnswer>;
  /** What the credential can access beyond these references, for the check of least privilege. [not checked] */
  inspectReach?(references: readonly VaultReference[], call: VaultCall<Name>): Promise<VaultExcess>;
  /** A run fails if it calls these functions more often than this. [500] */
  readonly maxVaultRequests?: number;
  /** Time limit of one call, including retries. [15] */
  readonly deadlineSeconds?: number;
  /** Older values are forgotten, and read again when needed. [never within a run] */
  readonly maxAgeSeconds?: number;
}

/** Access beyond least privilege. */
export interface VaultExcess {
  /** Readable vaults that no reference uses. */
  readonly unused?: readonly string[];
  /** Permissions beyond reading, in vaults that references use. */
  readonly excess?: readonly { readonly vault: string; readonly permissions: readonly string[] }[];
}

/** What can be wrong with one reference. */
export type ReferenceProblem = 'not-found' | 'denied' | 'ambiguous' | 'invalid-reference';

/**
 * What can be wrong with the vault as a whole. `unreachable` is tried again. After `rejected-credential` and
 * `rate-limited`, the run sends no more requests to it.
 */
export type VaultProblem = 'rejected-credential' | 'unreachable' | 'rate-limited';

/**
 * Why a vault has no answer. As an answer to a reference, or thrown.
 *
 * @param known what the vault said of it, without any value: `The secret has no key "passwrod".`
 */
export class VaultError<
  Problem extends ReferenceProblem | VaultProblem = ReferenceProblem | VaultProblem,
> extends Error {
  override readonly name = 'VaultError';
  readonly problem: Problem;
  readonly known: string | undefined;

  constructor(problem: Problem, known?: string) {
    super(known === undefined ? problem : `${problem}: ${known}`);
    this.problem = problem;
    this.known = known;
  }
}

/** A vault from `defineVault`. */
export interface DefinedVault extends VaultOptions<VaultSecretName> {
  readonly [definedVault]: true;
}

/** A registered symbol: a sessions file may load with its own copy of this module. */
const definedVault: unique symbol = Symbol.for('playwright-auth-sessions.vault') as never;

/**
 * Defines a vault other than 1Password, for `vault` or `vaults` of the sessions file. References, local credentials,
 * errors, limits, redaction and one-time codes work as with 1Password.
 *
 * @example
 * vault: defineVault({
 *   name: 'hashicorp',
 *   secrets: ['AUTH_SESSIONS_VAULT_TOKEN'],
 *   async resolveAll(references, { secrets, signal }) { … return new Map([[references[0].text, value]]); },
 * })
 */
export function defineVault<const Name extends VaultSecretName = never>(
  vault: VaultOptions<Name>,
): DefinedVault {
  // Its functions get the variables that it names, so the names of others do not matter.
  return { ...(vault as unknown as VaultOptions<VaultSecretName>), [definedVault]: true };
}

/** From any copy of this module. */
export function isDefinedVault(value: unknown): value is DefinedVault {
  return typeof value === 'object' && value !== null && definedVault in value;
}

/** From any copy of this module. */
export function isVaultError(value: unknown): value is VaultError {
  return value instanceof Error && value.name === 'VaultError' && 'problem' in value;
}
