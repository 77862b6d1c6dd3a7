-- Begins the scripts that put tasks into streams, after places.lua.

-- How many wait (`i`, `b`), the last turn in the rings, how many interactive ones overtook a batch's since one of those came,
-- and how many were offered. Read once, and written once by `keep_numbers`.
local NUMBERS = { 'i', 'b', 'turn', 'overtaken', 'offers' }
local numbers = {}
for at, text in ipairs(redis.call('HMGET', COUNTS, unpack(NUMBERS))) do
  numbers[NUMBERS[at]] = tonumber(text or 0)
end

local function keep_numbers()
  local fields = {}
  for _, name in ipairs(NUMBERS) do
    fields[#fields + 1] = name
    fields[#fields + 1] = numbers[name]
  end
  redis.call('HSET', COUNTS, unpack(fields))
end

-- The owner gets a turn, after all who have one.
local function join_ring(priority, owner)
  local ring = ring_of(priority)
  if not redis.call('ZSCORE', ring, owner) then
    numbers.turn = numbers.turn + 1
    redis.call('ZADD', ring, numbers.turn, owner)
  end
end

local open = {}
local function enqueue(task, priority, owner)
  local stream = stream_of(priority, owner)
  if not open[stream] then
    open[stream] = true
    if redis.call('EXISTS', stream) == 0 then
      redis.call('XGROUP', 'CREATE', stream, GROUP, '0', 'MKSTREAM')
    end
    join_ring(priority, owner)
  end
  numbers.offers = numbers.offers + 1
  numbers[priority] = numbers[priority] + 1
  local entry = redis.call('XADD', stream, '*', 'task', task, 'offer', numbers.offers)
  redis.call('HSET', TASKS, task, priority .. owner .. entry .. '/' .. numbers.offers)
end
