-- Begins the scripts that put tasks into streams, after numbers.lua.

-- The owner gets a turn, after all who have one.
local function join_ring(priority, owner)
  local ring, stream = ring_of(priority), stream_of(priority, owner)
  if redis.call('ZSCORE', ring, owner) then
    -- A turn goes with the last entry: others were lost.
    astray = astray or redis.call('XLEN', stream) == 0
  else
    numbers.turn = numbers.turn + 1
    redis.call('ZADD', ring, numbers.turn, owner)
    -- Whoever has something that waits had a turn, which was lost.
    astray = astray or waiting(stream) > 0
  end
end

local opened = {}
-- Sees to it that the owner has a stream, and a turn.
local function open(priority, owner)
  local stream = stream_of(priority, owner)
  if not opened[stream] then
    opened[stream] = true
    if redis.call('EXISTS', stream) == 0 then
      redis.call('XGROUP', 'CREATE', stream, GROUP, '0', 'MKSTREAM')
    end
    join_ring(priority, owner)
  end
  return stream
end

local function enqueue(task, priority, owner)
  local stream = open(priority, owner)
  numbers.offers = numbers.offers + 1
  numbers[priority] = numbers[priority] + 1
  local entry = redis.call('XADD', stream, '*', 'task', task, 'offer', numbers.offers)
  redis.call('HSET', TASKS, task, priority .. owner .. entry .. '/' .. numbers.offers)
end

-- What is in a stream already needs nothing, unless Redis lost the key that it would be handed out by.
local function mend(task, record)
  open(record.priority, record.owner)
  local delivery = task .. record.text
  if not redis.call('ZSCORE', UNSETTLED, delivery) then
    local pending = redis.pcall('XPENDING', record.stream, GROUP, record.entry, record.entry, 1)
    if pending[1] then
      redis.call('ZADD', UNSETTLED, 0, delivery)
    end
  end
end

-- What is left of an offer before this one, whose entry is lost. Comes last: a full Redis refuses a script only as long as that
-- has changed nothing.
local function forget(task, record)
  redis.call('ZREM', DELAYED, task)
  if record then
    redis.call('ZREM', UNSETTLED, task .. record.text)
  end
end
