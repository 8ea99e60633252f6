export interface StoreOptions {
  /** Folder of the sealed sessions, relative to the Playwright config. ['.auth-sessions'] */
  readonly folder?: string;
  /** URL of a Redis without a password. AUTH_SESSIONS_STORE_URL overrides it and can contain one. [files] */
  readonly url?: `redis://${string}` | `rediss://${string}` | `unix://${string}`;
  /**
   * Makes the client of Redis, with `createClient`, `createCluster` or `createSentinel` of `@redis/client` or `redis`.
   * Called in the broker and in commands for each connection, never in workers. `url` is AUTH_SESSIONS_STORE_URL. The
   * store connects and closes what it returns.
   */
  readonly client?: (given: { readonly url: string | undefined }) => StoreClient | Promise<StoreClient>;
  /** A PEM file with the private authority that signed the server's certificate; relative to the Playwright config. */
  readonly caFile?: string;
  /** Name of the main server that Sentinels watch. The hosts of the URL are Sentinels. */
  readonly sentinel?: string;
  /** Whether the hosts of the URL are nodes of a Cluster. [false] */
  readonly cluster?: boolean;
  /** Keeps projects on one Redis apart. [the name in package.json] */
  readonly prefix?: string;
  /** When Redis does not answer at the start of a run: stop, or use files. ['error'] */
  readonly whenStoreUnavailable?: 'error' | 'local';
}

/** What the store uses of a client of Redis. */
export interface StoreClient {
  readonly isOpen?: boolean;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}
