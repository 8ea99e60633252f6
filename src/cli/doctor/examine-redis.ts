import type { RedisHealth } from '../../store/redis/redis-health.js';
import { ok, warning, type Told } from './finding.js';

/** What may go wrong with a Redis that answers. */
export function examineRedis(health: RedisHealth): readonly Told[] {
  const { latencyMs, clockAheadMs, evictionPolicy, isInClear } = health;
  const inClear = isInClear ? [notEncrypted] : [];
  return [latency(latencyMs), ...inClear, ...eviction(evictionPolicy), ...clock(clockAheadMs)];
}

function latency(ms: number): Told {
  const seen = `Redis answers in ${Math.round(ms)} ms`;
  return ms < slowMs ? ok(seen) : warning(`${seen}.`, 'Use a Redis that is closer to where the tests run.');
}

function eviction(policy: string | undefined): readonly Told[] {
  if (policy === 'noeviction') return [];
  const seen =
    policy === undefined ? 'The eviction policy of Redis is unknown.' : `Redis evicts keys (${policy}).`;
  const known =
    policy === undefined ? 'Its user may not run INFO.' : 'When it is full it removes leases and used codes.';
  return [warning(seen, 'Set maxmemory-policy to noeviction.', known)];
}

function clock(aheadMs: number): readonly Told[] {
  if (Math.abs(aheadMs) < skewedMs) return [];
  const seen = `The clock of Redis differs from this machine's by ${Math.round(Math.abs(aheadMs) / 1000)} s.`;
  return [
    warning(seen, 'Synchronize both clocks. Leases follow the clock of Redis, one-time codes the other.'),
  ];
}

const notEncrypted = warning(
  'The connection to Redis is not encrypted.',
  'Use rediss://, unless nobody else is on that network.',
  'Its password and the names of sessions are sent in clear; the states are sealed.',
);
const slowMs = 100;
const skewedMs = 5000;
