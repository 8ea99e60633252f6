import { expect, test } from '@playwright/test';
import { examineRedis } from '../../src/cli/doctor/examine-redis.js';
import { secretsOfRedisUrl } from '../../src/core/redis-url.js';
import { isInClear, parseRedisUrl } from '../../src/store/redis/redis-address.js';

const healthy = { latencyMs: 1, clockAheadMs: 3, evictionPolicy: 'noeviction', isInClear: false };

test('doctor names what may be lost, a slow Redis and a clock that differs', () => {
  expect(examineRedis(healthy)).toEqual([{ result: 'ok', seen: 'Redis answers in 1 ms' }]);
  for (const change of [
    { latencyMs: 100 },
    { clockAheadMs: -5000 },
    { evictionPolicy: 'allkeys-lru' },
    { evictionPolicy: undefined },
    { isInClear: true },
  ])
    expect(examineRedis({ ...healthy, ...change }).filter(({ result }) => result === 'warning')).toHaveLength(
      1,
    );
});

test('the redactor gets the URL of a Redis and its password, as typed and as meant', () => {
  const url = 'rediss://shop:p%40ss%3A1@a:1,b:2/3';
  expect(secretsOfRedisUrl(` ${url}\n`)).toEqual([url, 'shop:p%40ss%3A1', 'p%40ss%3A1', 'p@ss:1']);
  const watched = 'redis://:one@a,b/0?sentinel=me:t%3Awo';
  expect(secretsOfRedisUrl(watched)).toEqual([watched, ':one', 'one', 'me:t%3Awo', 't%3Awo', 't:wo']);
  expect(secretsOfRedisUrl('redis://a:6379')).toEqual(['redis://a:6379']);
  expect(secretsOfRedisUrl(undefined)).toEqual([]);
});

test('reads the URLs of servers, Sentinels and sockets', () => {
  expect(parseRedisUrl('rediss://shop:p%40ss%3A1@a:1,[::1]:2/3', 'X')).toEqual({
    kind: 'tls',
    hosts: [
      { host: 'a', port: 1 },
      { host: '::1', port: 2 },
    ],
    socketPath: undefined,
    username: 'shop',
    password: 'p@ss:1',
    database: 3,
  });
  expect(parseRedisUrl('redis://a', 'X')).toMatchObject({ kind: 'tcp', hosts: [{ host: 'a', port: 6379 }] });
  expect(parseRedisUrl('unix:///run/r.sock?db=2', 'X')).toMatchObject({
    socketPath: '/run/r.sock',
    database: 2,
  });
});

test('knows when what is sent crosses a network in clear', () => {
  const crosses = (url: string) => isInClear(parseRedisUrl(url, 'X'));
  for (const url of [
    'redis://cache:6379',
    'redis://10.0.0.7',
    'redis://127.0.0.1,10.0.0.7',
    'redis://[fe80::1]',
  ])
    expect(crosses(url), url).toBe(true);
  for (const url of [
    'rediss://cache',
    'unix:///run/r.sock',
    'redis://localhost',
    'redis://[::1]',
    'redis://127.0.0.1',
  ])
    expect(crosses(url), url).toBe(false);
});

test('refuses another URL without repeating it', () => {
  for (const url of [
    'http://a',
    'redis://',
    'redis://u:secret-9@a:99999',
    'redis://u:%zz@a',
    'unix://a',
    'secret-9',
  ]) {
    const parse = () => parseRedisUrl(url, 'AUTH_SESSIONS_STORE_URL');
    expect(parse, url).toThrow(/ERR_CONFIG_INVALID/);
    expect(parse).not.toThrow(/secret-9/);
  }
});
