-- ARGV: now and the time to settle, in microseconds; the worker; how many at most; every how-many-th is a batch's.
-- Answers in how many microseconds something is due that no bell rings for (-1: nothing is), or else 0 and then for each
-- delivery: task, priority, owner, receipt.
local now, patience, worker = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local at_most, batch_turn = tonumber(ARGV[4]), tonumber(ARGV[5])
-- More than this come due in one go only after a long silence; the next call goes on.
local MOST_DUE = 200

local answer, handed_out = { 0 }, 0

local function hand_out(task, priority, owner, receipt)
  redis.call('ZADD', UNSETTLED, now + patience, task)
  for _, part in ipairs({ task, priority, owner, receipt }) do
    answer[#answer + 1] = part
  end
  handed_out = handed_out + 1
end

local function pair(list, name)
  for i = 1, #list, 2 do
    if list[i] == name then
      return list[i + 1]
    end
  end
end

-- Makes the worker a consumer. A new one makes room: those leave who hold nothing and were silent.
local function become_consumer(stream)
  local new = redis.pcall('XGROUP', 'CREATECONSUMER', stream, GROUP, worker)
  if type(new) == 'table' then
    -- Somebody deleted the group. A new one begins with what it did not hand out.
    redis.call('XGROUP', 'CREATE', stream, GROUP, '0')
  elseif new == 1 then
    for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, GROUP)) do
      local name = pair(consumer, 'name')
      if name ~= worker and pair(consumer, 'pending') == 0 and pair(consumer, 'idle') * 1000 > patience then
        redis.call('XGROUP', 'DELCONSUMER', stream, GROUP, name)
      end
    end
  end
end

-- Whether there is such a stream; the worker is a consumer of it then.
local known = {}
local function join(stream)
  if known[stream] == nil then
    known[stream] = redis.call('EXISTS', stream) == 1
    if known[stream] then
      become_consumer(stream)
    end
  end
  return known[stream]
end

for _, task in ipairs(redis.call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, MOST_DUE)) do
  redis.call('ZREM', DELAYED, task)
  local record = record_of(task)
  if record then
    enqueue(task, record.priority, record.owner)
  end
end

-- First what a worker was silent about.
for _, task in ipairs(redis.call('ZRANGEBYSCORE', UNSETTLED, '-inf', now, 'LIMIT', 0, at_most)) do
  local record = record_of(task)
  local claimed = record and redis.pcall('XCLAIM', record.stream, GROUP, worker, 0, entry_of(record.receipt))
  if claimed and claimed.err and not claimed.err:find('NOGROUP') then
    return claimed
  end
  if claimed and claimed[1] then
    hand_out(task, record.priority, record.owner, record.receipt)
  else
    -- Its entry is lost; it will be offered again.
    redis.call('ZREM', UNSETTLED, task)
    redis.call('HDEL', TASKS, task)
  end
end

local counts = redis.call('HMGET', COUNTS, 'i', 'b', 'turn', 'overtaken')
local waiting = { i = tonumber(counts[1] or 0), b = tonumber(counts[2] or 0) }
local turn, overtaken = tonumber(counts[3] or 0), tonumber(counts[4] or 0)

-- Hands out one of that priority, of the owner whose turn came longest ago.
local function serve(priority)
  local ring = ring_of(priority)
  while true do
    local owner = redis.call('ZRANGE', ring, 0, 0)[1]
    if not owner then
      waiting[priority] = 0
      return false
    end
    local stream = stream_of(priority, owner)
    local read = join(stream)
      and redis.call('XREADGROUP', 'GROUP', GROUP, worker, 'COUNT', 1, 'STREAMS', stream, '>')
    if read then
      local entry = read[1][2][1]
      turn = turn + 1
      redis.call('ZADD', ring, turn, owner)
      waiting[priority] = math.max(waiting[priority] - 1, 0)
      hand_out(entry[2][2], priority, owner, entry[1] .. '/' .. entry[2][4])
      return true
    end
    redis.call('ZREM', ring, owner)
  end
end

while handed_out < at_most do
  local first, second = 'i', 'b'
  if waiting.b > 0 and overtaken + 1 >= batch_turn then
    first, second = 'b', 'i'
  end
  local served = serve(first) and first or serve(second) and second
  if not served then
    break
  end
  overtaken = served == 'i' and waiting.b > 0 and overtaken + 1 or 0
end
-- Counts that were wrong are put right.
if handed_out > 0 or waiting.i ~= tonumber(counts[1] or 0) or waiting.b ~= tonumber(counts[2] or 0) then
  redis.call('HSET', COUNTS, 'i', waiting.i, 'b', waiting.b, 'turn', turn, 'overtaken', overtaken)
end

if handed_out == 0 then
  local wait = -1
  for _, times in ipairs({ DELAYED, UNSETTLED }) do
    local first = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')[2]
    if first and (wait < 0 or tonumber(first) - now < wait) then
      wait = math.max(tonumber(first) - now, 0)
    end
  end
  answer[1] = wait
end
return answer
