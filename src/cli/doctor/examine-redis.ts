import type { RedisHealth } from '../../store/redis/redis-health.js';
import { ok, warning, type Told } from './finding.js';

/** What may go wrong with a Redis that answers. */
export function examineRedis(health: RedisHealth): readonly Told[] {
  const { latencyMs, clockAheadMs, evictionPolicy, hasAppendOnlyFile, isInClear } = health;
  return [
    latency(latencyMs),
    ...(isInClear ? [notEncrypted] : []),
    ...unknown(health),
    ...eviction(evictionPolicy),
    ...(hasAppendOnlyFile === false ? [losesAtRestart] : []),
    ...clock(clockAheadMs),
  ];
}

function latency(ms: number): Told {
  const seen = `Redis answers in ${Math.round(ms)} ms`;
  return ms < slowMs ? ok(seen) : warning(`${seen}.`, 'Use a Redis that is closer to where the tests run.');
}

function unknown({ evictionPolicy, hasAppendOnlyFile }: RedisHealth): readonly Told[] {
  const settings = [
    ...(evictionPolicy === undefined ? [evictionSetting] : []),
    ...(hasAppendOnlyFile === undefined ? [persistenceSetting] : []),
  ];
  if (settings.length === 0) return [];
  const names = settings.map(({ name }) => `the ${name}`).join(' and ');
  const wanted = settings.map(({ wanted }) => wanted).join(' and ');
  return [
    warning(
      `Redis does not show ${names}.`,
      `Give its user +info, or check that ${wanted}.`,
      'Its user may not run INFO, or the answer lacks it.',
    ),
  ];
}

function eviction(policy: string | undefined): readonly Told[] {
  if (policy === undefined || policy === 'noeviction') return [];
  return [
    warning(
      `Redis evicts keys (${policy}).`,
      'Set maxmemory-policy to noeviction.',
      'When it is full it removes leases and used codes.',
    ),
  ];
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
const losesAtRestart = warning(
  'Redis has no append-only file: a restart loses what changed since its last snapshot, if it makes any.',
  'Set appendonly to yes, unless this Redis lasts only as long as a run.',
  'Lost sessions sign in again. Codes may be used twice, and rejected credentials sent again.',
);
const evictionSetting = { name: 'eviction policy', wanted: 'maxmemory-policy is noeviction' };
const persistenceSetting = { name: 'persistence', wanted: 'appendonly is yes' };
const slowMs = 100;
const skewedMs = 5000;
