import { clockLines } from './redis-scripts.js';

/**
 * Uses in Redis: one JSON text per resource, changed by one script per act, by the time of the server. The rules are
 * those of use-queue.ts. An empty list is written as `{}`, so it is read as either.
 */

/** KEYS uses, index; ARGV now, resource, ticket, holder, slots, ttlMs, waitTtlMs, preferred, skewMs, only */
export const claimUseScript = `${clockLines('ARGV[1]')}
${readLines()}
local ticket, slots, ttl = ARGV[3], tonumber(ARGV[5]), tonumber(ARGV[6])
local function live(entries)
  local kept = {}
  for _, one in ipairs(entries) do
    local left = one['until'] - now
    if one.ticket == ticket or (left > 0 and left <= one.ttl + tonumber(ARGV[9])) then kept[#kept + 1] = one end
  end
  return kept
end
local own, held, taken = nil, {}, {}
for _, one in ipairs(live(queue.held)) do
  if one.ticket == ticket then own = one else
    held[#held + 1] = one
    taken[one.slot] = true
  end
end
local waiting, waited, before = live(queue.waiting), nil, nil
for place, one in ipairs(waiting) do
  if one.ticket == ticket then waited, before = one, place - 1 end
end
before = before or #waiting
local slot, since, only = nil, now, tonumber(ARGV[10])
if own and not taken[own.slot] then
  if only == 0 or only == own.slot then slot, since = own.slot, own.since end
elseif only > 0 then
  if only <= slots and not taken[only] then slot = only end
else
  local free, first = 0, nil
  for one = 1, slots do
    if not taken[one] then
      free = free + 1
      first = first or one
    end
  end
  local preferred = tonumber(ARGV[8])
  if before < free then
    slot = first
    if preferred >= 1 and preferred <= slots and not taken[preferred] then slot = preferred end
  end
end
queue.resource, queue.slots = ARGV[2], slots
if only > 0 and not slot then
  queue.held, queue.waiting = live(queue.held), live(queue.waiting)
  return { 0, 0, now, cjson.encode(queue) }
end
if slot then
  held[#held + 1] = { ticket = ticket, slot = slot, holder = ARGV[4], since = since, ['until'] = now + ttl, ttl = ttl }
  if waited then table.remove(waiting, before + 1) end
else
  local wait = tonumber(ARGV[7])
  local since = waited and waited.since or now
  waiting[before + 1] = { ticket = ticket, slot = 0, holder = ARGV[4], since = since, ['until'] = now + wait, ttl = wait }
end
queue.held, queue.waiting = held, waiting
${writeLines()}
if slot then return { slot, since } end
return { 0, before + 1, now, cjson.encode(queue) }`;

/** KEYS uses, index; ARGV now, ticket, ttlMs */
export const extendUseScript = `${clockLines('ARGV[1]')}
${readLines()}
for _, one in ipairs(queue.held) do
  if one.ticket == ARGV[2] then
    one['until'], one.ttl = now + tonumber(ARGV[3]), tonumber(ARGV[3])
    ${writeLines()}
    return 1
  end
end
return 0`;

/** KEYS uses, index; ARGV now, ticket */
export const releaseUseScript = `${clockLines('ARGV[1]')}
${readLines()}
local function others(entries)
  local kept = {}
  for _, one in ipairs(entries) do
    if one.ticket ~= ARGV[2] then kept[#kept + 1] = one end
  end
  return kept
end
queue.held, queue.waiting = others(queue.held), others(queue.waiting)
if #queue.held + #queue.waiting == 0 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], KEYS[1])
  return 1
end
${writeLines()}
return 1`;

/** KEYS uses …; ARGV now */
export const readUsesScript = `${clockLines('ARGV[1]')}
local found = { now }
for _, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key) or ''
  found[#found + 1] = type(text) == 'string' and text or 'damaged'
end
return found`;

/** Ends with `damaged` if nobody can know from the text who holds what. */
function readLines(): string {
  return `local text = redis.pcall('GET', KEYS[1])
local function isList(entries)
  if type(entries) ~= 'table' then return false end
  local count = 0
  for _, one in pairs(entries) do
    count = count + 1
    if type(one) ~= 'table' or type(one.ticket) ~= 'string' or type(one.holder) ~= 'string' then return false end
    for _, name in ipairs({ 'slot', 'since', 'until', 'ttl' }) do
      if type(one[name]) ~= 'number' then return false end
    end
    if one.slot % 1 ~= 0 then return false end
  end
  return count == #entries
end
local queue = { held = {}, waiting = {} }
if text then
  local isJson = false
  if type(text) == 'string' then isJson, queue = pcall(cjson.decode, text) end
  local isQueue = isJson and type(queue) == 'table' and isList(queue.held) and isList(queue.waiting)
  if not isQueue then return 'damaged' end
end`;
}

/** The key outlives its last entry by an hour, since its holder may be late and nobody else may have come. */
function writeLines(): string {
  return `local last = 0
for _, entries in ipairs({ queue.held, queue.waiting }) do
  for _, one in ipairs(entries) do last = math.max(last, one['until'] - now) end
end
local life = math.ceil(last) + 3600000
redis.call('SET', KEYS[1], cjson.encode(queue), 'PX', life)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + life, KEYS[1])
redis.call('PEXPIRE', KEYS[2], life + 86400000)`;
}
