import { RateLimiter } from '../http/rate-limiter.js';
import type { RateLimit } from '../http/rate-limiter.js';
import { createId } from './id.js';
import { ServiceAccount } from './service-account.js';
import type { ServiceAccountOptions } from './service-account.js';
import { Vault } from './vault.js';
import type { VaultOptions } from './vault.js';

export interface AccountOptions {
  readonly name: string;
  /** Shared by all service accounts of the account, as 1Password's daily limit is. */
  readonly rateLimit?: RateLimit;
}

/** A 1Password account: vaults, and service accounts that reach some of them. */
export class Account {
  readonly id = createId();
  readonly name: string;
  readonly limiter: RateLimiter;
  readonly #signInAddress: string;
  readonly #nowMs: () => number;
  readonly #vaults: Vault[] = [];
  readonly #serviceAccounts: ServiceAccount[] = [];

  constructor({ name, rateLimit }: AccountOptions, signInAddress: string, nowMs: () => number) {
    this.name = name;
    this.limiter = new RateLimiter(rateLimit, nowMs);
    this.#signInAddress = signInAddress;
    this.#nowMs = nowMs;
  }

  addVault(options: VaultOptions): Vault {
    const vault = new Vault(options, this.#nowMs);
    this.#vaults.push(vault);
    return vault;
  }

  /** Makes a machine identity; its `token` is what `OP_SERVICE_ACCOUNT_TOKEN` holds. */
  addServiceAccount(options: ServiceAccountOptions): ServiceAccount {
    for (const { vault } of options.vaults)
      if (!this.#vaults.includes(vault))
        throw new TypeError(`Vault "${vault.title}" is not in account "${this.name}".`);
    const serviceAccount = new ServiceAccount(options, this.#signInAddress, this.#nowMs);
    this.#serviceAccounts.push(serviceAccount);
    return serviceAccount;
  }

  get vaults(): readonly Vault[] {
    return this.#vaults;
  }

  get serviceAccounts(): readonly ServiceAccount[] {
    return this.#serviceAccounts;
  }
}
