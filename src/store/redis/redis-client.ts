import type { StoreClient } from '../../core/store-options.js';
import { loadOptionalPackage } from '../../core/load-optional-package.js';
import { readAuthority } from '../../files/read-authority.js';
import type { RedisAddress } from './redis-address.js';

export interface RedisClientOptions {
  readonly address: RedisAddress;
  /** A PEM file with the private authority that signed the server's certificate. [the system's authorities] */
  readonly caFile?: string | undefined;
  /** The hosts are Sentinels; this is the name of what they watch. */
  readonly sentinel?: string | undefined;
  /** The hosts are nodes of a Cluster. [false] */
  readonly cluster?: boolean | undefined;
  readonly connectTimeoutMs: number;
}

/**
 * A client that is not connected yet. It does not connect again by itself: its user creates another one.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID` without the package, or without the file of `caFile`
 */
export async function createRedisClient(options: RedisClientOptions): Promise<StoreClient> {
  const { address, cluster, sentinel } = options;
  const { createClient, createCluster, createSentinel } = await loadOptionalPackage(
    { name: '@redis/client', needer: 'The Redis store' },
    () => import('@redis/client'),
  );
  const { username, password, database, hosts } = address;
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const socket = await socketOptions(options);
  const plain = { disableClientInfo: true, maintNotifications: 'disabled' as const };
  const common = { ...login, ...plain };
  if (cluster === true)
    return createCluster({
      rootNodes: hosts.map((host) => ({ socket: { ...socket, ...host } })),
      defaults: { ...common, socket },
    });
  if (sentinel !== undefined)
    return createSentinel({
      name: sentinel,
      sentinelRootNodes: [...hosts],
      nodeClientOptions: { ...common, database, socket },
      sentinelClientOptions: { ...plain, ...sentinelLogin(address), socket },
    });
  const [host] = hosts;
  const place =
    address.socketPath === undefined
      ? { ...socket, ...host }
      : { path: address.socketPath, tls: false as const };
  return createClient({
    ...common,
    database,
    disableOfflineQueue: true,
    socket: { ...place, connectTimeout: options.connectTimeoutMs, reconnectStrategy: false },
  });
}

function sentinelLogin({ sentinelUsername, sentinelPassword }: RedisAddress) {
  return {
    ...(sentinelUsername === undefined ? {} : { username: sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
  };
}

async function socketOptions({ address, caFile, connectTimeoutMs }: RedisClientOptions) {
  const common = { connectTimeout: connectTimeoutMs, reconnectStrategy: false as const };
  if (address.kind !== 'tls') return common;
  return {
    ...common,
    tls: true as const,
    ...(caFile === undefined
      ? {}
      : { ca: await readAuthority(caFile, { option: 'store.caFile', relativeTo: 'the Playwright config' }) }),
  };
}
