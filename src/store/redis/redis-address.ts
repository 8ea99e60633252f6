import { AuthSessionsError } from '../../core/errors.js';
import { percentDecoded, splitRedisLogin } from '../../core/redis-url.js';

/** What the URL of a Redis says. It has a password in it: keep it short, and out of messages. */
export interface RedisAddress {
  readonly kind: 'tcp' | 'tls' | 'socket';
  /** One, or several of a Cluster or of Sentinel. None for a socket. */
  readonly hosts: readonly RedisHost[];
  /** The path of a Unix domain socket. */
  readonly socketPath: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** What Sentinels ask for. */
  readonly sentinelUsername?: string | undefined;
  readonly sentinelPassword?: string | undefined;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `redis://`, `rediss://` (TLS) and `unix://` URLs: `rediss://user:password@host:6379/0`. Several hosts are
 * separated by commas. `?sentinel=user:password` is the login of Sentinels.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`, without the URL
 */
export function parseRedisUrl(url: string, name: string): RedisAddress {
  const [, scheme, login, place = ''] = /^(rediss?|unix):\/\/(?:([^@]*)@)?(.+)$/.exec(url.trim()) ?? [];
  if (scheme === undefined) throw invalid(name);
  const { username, password } = splitRedisLogin(login);
  const common = { username: decode(username, name), password: decode(password, name) };
  if (scheme === 'unix') return { ...common, ...parseSocket(place, name) };
  const [, hosts = '', database, sentinel] =
    /^([^/?#]+)(?:\/(\d{0,5}))?(?:\?sentinel=([^&#]+))?$/.exec(place) ?? [];
  const atSentinel = splitRedisLogin(sentinel);
  return {
    ...common,
    kind: scheme === 'rediss' ? 'tls' : 'tcp',
    hosts: hosts.split(',').map((host) => parseHost(host, name)),
    socketPath: undefined,
    database: Number(database ?? 0),
    sentinelUsername: decode(atSentinel.username, name),
    sentinelPassword: decode(atSentinel.password, name),
  };
}

/** Whether what is sent there crosses a network without TLS. */
export function isInClear({ kind, hosts }: RedisAddress): boolean {
  return kind === 'tcp' && !hosts.every(({ host }) => loopback.test(host));
}

function parseSocket(
  place: string,
  name: string,
): Pick<RedisAddress, 'kind' | 'hosts' | 'socketPath' | 'database'> {
  const [, socketPath, database] = /^(\/[^?#]+)(?:\?db=(\d{1,5}))?$/.exec(place) ?? [];
  if (socketPath === undefined) throw invalid(name);
  return { kind: 'socket', hosts: [], socketPath, database: Number(database ?? 0) };
}

function parseHost(text: string, name: string): RedisHost {
  const [, ipv6, named, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = ipv6 ?? named;
  if (host === undefined || Number(port ?? 0) > 65_535) throw invalid(name);
  return { host, port: Number(port ?? 6379) };
}

function decode(text: string | undefined, name: string): string | undefined {
  if (!text) return undefined;
  const decoded = percentDecoded(text);
  if (decoded === undefined) throw invalid(name);
  return decoded;
}

function invalid(name: string): AuthSessionsError {
  return new AuthSessionsError('ERR_CONFIG_INVALID', {
    failed: `${name} is not the URL of a Redis.`,
    known:
      'It is read as redis://, rediss:// or unix://, with special characters of the password percent-encoded.',
    next: 'Write it as rediss://user:password@host:6379.',
  });
}

/** RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3 */
const loopback = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|(?:0*:)*:?0*1)$/i;
