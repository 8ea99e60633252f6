import { RateLimiter } from '../http/rate-limiter.js';
import type { RateLimit } from '../http/rate-limiter.js';
import { Environment } from './environment.js';
import type { EnvironmentOptions } from './environment.js';
import { createId } from './id.js';
import { ServiceAccount } from './service-account.js';
import type { ServiceAccountOptions } from './service-account.js';
import { Vault } from './vault.js';
import type { VaultOptions } from './vault.js';

export interface AccountOptions {
  readonly name: string;
  /** Shared by all service accounts of the account, as 1Password's daily limit is. */
  readonly rateLimit?: RateLimit;
  /** Whether lists of vaults have the Environments too. Those of a real account may or may not. [false] */
  readonly listsEnvironments?: boolean;
}

/** A 1Password account: vaults and Environments, and service accounts that reach some of them. */
export class Account {
  readonly id = createId();
  readonly name: string;
  readonly limiter: RateLimiter;
  readonly listsEnvironments: boolean;
  readonly #signInAddress: string;
  readonly #nowMs: () => number;
  readonly #vaults: Vault[] = [];
  readonly #environments: Environment[] = [];
  readonly #serviceAccounts: ServiceAccount[] = [];

  constructor(
    { name, rateLimit, listsEnvironments = false }: AccountOptions,
    signInAddress: string,
    nowMs: () => number,
  ) {
    this.name = name;
    this.listsEnvironments = listsEnvironments;
    this.limiter = new RateLimiter(rateLimit, nowMs);
    this.#signInAddress = signInAddress;
    this.#nowMs = nowMs;
  }

  addVault(options: VaultOptions): Vault {
    const vault = new Vault(options, this.#nowMs);
    this.#vaults.push(vault);
    return vault;
  }

  addEnvironment(options: EnvironmentOptions): Environment {
    const environment = new Environment(options, this.#nowMs);
    this.#environments.push(environment);
    return environment;
  }

  /** Makes a machine identity; its `token` is what `OP_SERVICE_ACCOUNT_TOKEN` holds. */
  addServiceAccount(options: ServiceAccountOptions): ServiceAccount {
    for (const { vault } of options.vaults)
      if (!this.#vaults.includes(vault))
        throw new TypeError(`Vault "${vault.title}" is not in account "${this.name}".`);
    for (const environment of options.environments ?? [])
      if (!this.#environments.includes(environment))
        throw new TypeError(`Environment "${environment.name}" is not in account "${this.name}".`);
    const serviceAccount = new ServiceAccount(options, this.#signInAddress, this.#nowMs);
    this.#serviceAccounts.push(serviceAccount);
    return serviceAccount;
  }

  get vaults(): readonly Vault[] {
    return this.#vaults;
  }

  get environments(): readonly Environment[] {
    return this.#environments;
  }

  get serviceAccounts(): readonly ServiceAccount[] {
    return this.#serviceAccounts;
  }
}
