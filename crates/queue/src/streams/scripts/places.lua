-- Where everything is. Begins every script; KEYS[1] is what the name of every key begins with. Its braces keep all keys on
-- one node of a cluster.
local BASE = KEYS[1]
-- task -> its priority (`i` or `b`), its owner's UUID, and its receipt, which one that is delayed has not. A receipt is the
-- entry in the owner's stream and the number of the offer: a stream that was deleted and made anew in the same millisecond
-- begins with the same entry again.
local TASKS = BASE .. ':tasks'
-- task -> when it is due.
local DELAYED = BASE .. ':delayed'
-- task -> when it is handed out again.
local UNSETTLED = BASE .. ':unsettled'
-- How many wait (`i`, `b`), and whose turn it is: see take.lua.
local COUNTS = BASE .. ':counts'
local BELL = BASE .. ':bell'
-- The group in every stream.
local GROUP = 'workers'

-- owner -> when their turn came last, of those for whom something waits.
local function ring_of(priority)
  return BASE .. ':ring:' .. priority
end

local function stream_of(priority, owner)
  return BASE .. ':' .. priority .. ':' .. owner
end

local function record_of(task)
  local text = redis.call('HGET', TASKS, task)
  if not text then
    return nil
  end
  local priority, owner = text:sub(1, 1), text:sub(2, 37)
  return { priority = priority, owner = owner, receipt = text:sub(38), stream = stream_of(priority, owner) }
end

local function entry_of(receipt)
  return receipt:match('^[^/]+')
end

-- `delayed`, `stream` or nil. Looks where the record says, so that a task whose record alone is left is offered anew.
local function place_of(task)
  local record = record_of(task)
  if not record then
    return nil
  end
  if record.receipt == '' then
    return redis.call('ZSCORE', DELAYED, task) and 'delayed' or nil
  end
  local entry = entry_of(record.receipt)
  local found = redis.call('XRANGE', record.stream, entry, entry)
  return found[1] and 'stream' or nil
end

-- The owner gets a turn, after all who have one.
local function join_ring(priority, owner)
  local ring = ring_of(priority)
  if not redis.call('ZSCORE', ring, owner) then
    redis.call('ZADD', ring, redis.call('HINCRBY', COUNTS, 'turn', 1), owner)
  end
end

local function enqueue(task, priority, owner)
  local stream = stream_of(priority, owner)
  if redis.call('EXISTS', stream) == 0 then
    redis.call('XGROUP', 'CREATE', stream, GROUP, '0', 'MKSTREAM')
  end
  local offer = redis.call('HINCRBY', COUNTS, 'offers', 1)
  local entry = redis.call('XADD', stream, '*', 'task', task, 'offer', offer)
  redis.call('HSET', TASKS, task, priority .. owner .. entry .. '/' .. offer)
  redis.call('HINCRBY', COUNTS, priority, 1)
  join_ring(priority, owner)
end
