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
-- Numbers: see enqueue.lua.
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

-- What is known of each task, at its place in the list; false of one that is not here.
local function records_of(tasks)
  local records = #tasks > 0 and redis.call('HMGET', TASKS, unpack(tasks)) or {}
  for at, text in ipairs(records) do
    if text then
      local priority, owner = text:sub(1, 1), text:sub(2, 37)
      records[at] = { priority = priority, owner = owner, receipt = text:sub(38), stream = stream_of(priority, owner) }
    end
  end
  return records
end

local function entry_of(receipt)
  return receipt:match('^[^/]+')
end

-- Whether its entry is in the stream. Looks there, so that a task of which only the record is left is offered anew.
local function is_in_stream(record)
  local entry = entry_of(record.receipt)
  return entry and #redis.call('XRANGE', record.stream, entry, entry) > 0
end

-- Every `step`-th argument.
local function arguments(step)
  local list = {}
  for i = 1, #ARGV, step do
    list[#list + 1] = ARGV[i]
  end
  return list
end
