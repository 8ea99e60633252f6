/**
 * What Redis does at once, by the time of its server. All keys of a script have one hash tag, so that a Cluster keeps
 * them in one slot. Each script means the same when it runs twice.
 *
 * A lease is a hash: `owner` is a token of one claim alone, `until` when it ends. It stays for an hour after its end:
 * its holder may be late, and nobody has come. The next claim writes another token, which shuts
 * the former holder out.
 */

/** KEYS entry, index; ARGV now, sealed, ttlMs */
export const putScript = `${clockLines('ARGV[1]')}
${putLines()}
return 1`;

/** KEYS entry, index, lease; ARGV now, sealed, ttlMs, owner, leaseMs; 0 when another one has the lease. */
export const putUnderScript = `${clockLines('ARGV[1]')}
if redis.call('HGET', KEYS[3], 'owner') ~= ARGV[4] then return 0 end
${putLines()}
${holdLines('KEYS[3]', 'ARGV[5]')}
return 1`;

/** KEYS entry */
export const getScript = `return redis.call('GET', KEYS[1])`;

/** KEYS entry, index */
export const removeScript = `redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], KEYS[1])
return 1`;

/** KEYS index; ARGV now */
export const keysScript = `${clockLines('ARGV[1]')}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')`;

/** KEYS lease; ARGV now, owner, leaseMs, skewMs. An end further ahead than the claim is long comes from another clock. */
export const claimScript = `${clockLines('ARGV[1]')}
local held = redis.call('HMGET', KEYS[1], 'owner', 'until', 'ttl')
if held[1] and held[1] ~= '' and held[1] ~= ARGV[2] then
  local left = tonumber(held[2]) - now
  if left > 0 and left <= tonumber(held[3]) + tonumber(ARGV[4]) then return 0 end
end
redis.call('HSET', KEYS[1], 'owner', ARGV[2])
${holdLines('KEYS[1]', 'ARGV[3]')}
return 1`;

/** KEYS lease; ARGV now, owner, leaseMs */
export const extendScript = `${clockLines('ARGV[1]')}
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then return 0 end
${holdLines('KEYS[1]', 'ARGV[3]')}
return 1`;

/** KEYS lease; ARGV owner */
export const releaseScript = `if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1`;

/** KEYS refusal; ARGV text, ttlMs */
export const putRefusalScript = `redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** KEYS refusal; ARGV now, ttlMs: what somebody changed by hand must not hold for ever. Returns the time, and the text. */
export const getRefusalScript = `${clockLines('ARGV[1]')}
local text = redis.call('GET', KEYS[1])
if text and redis.call('PTTL', KEYS[1]) == -1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {now, text}`;

/** KEYS any; ARGV now */
export const timeScript = `${clockLines('ARGV[1]')}
return now`;

/** KEYS refusal */
export const removeRefusalScript = `redis.call('DEL', KEYS[1])
return 1`;

/** KEYS events; ARGV now, text, keptMs */
export const addEventScript = `${clockLines('ARGV[1]')}
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS events; ARGV now, forMs; members and scores take turns */
export const readEventsScript = `${clockLines('ARGV[1]')}
return redis.call('ZRANGEBYSCORE', KEYS[1], now - tonumber(ARGV[2]), '+inf', 'WITHSCORES')`;

export function clockLines(given: string): string {
  return `local now = tonumber(${given})
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end`;
}

/** Both put scripts write the entry and list it in the index, which drops expired entries. */
function putLines(): string {
  return `redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])`;
}

function holdLines(key: string, ttlMs: string): string {
  return `redis.call('HSET', ${key}, 'until', now + tonumber(${ttlMs}), 'ttl', ${ttlMs})
redis.call('PEXPIRE', ${key}, tonumber(${ttlMs}) + 3600000)`;
}
