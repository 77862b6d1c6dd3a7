-- ARGV: now and the time to settle, in microseconds; the worker; how many at most; every how-many-th is a batch's.
-- Answers in how many microseconds something is due that no bell rings for (-1: nothing is), or else 0 and then for each
-- delivery: task, priority, owner, receipt.
local now, patience, worker = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local at_most, batch_turn = tonumber(ARGV[4]), tonumber(ARGV[5])
-- More than this come due in one go only after a long silence; the next call goes on.
local MOST_DUE = 200

local answer, handed_out, deadlines = { 0 }, 0, {}

local function hand_out(task, priority, owner, receipt)
  for _, part in ipairs({ task, priority, owner, receipt }) do
    answer[#answer + 1] = part
  end
  deadlines[#deadlines + 1] = now + patience
  deadlines[#deadlines + 1] = task
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

local due = redis.call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, MOST_DUE)
for at, record in ipairs(records_of(due)) do
  redis.call('ZREM', DELAYED, due[at])
  if record then
    enqueue(due[at], record.priority, record.owner)
  end
end

-- First what a worker was silent about.
local overdue = redis.call('ZRANGEBYSCORE', UNSETTLED, '-inf', now, 'LIMIT', 0, at_most)
for at, record in ipairs(records_of(overdue)) do
  local claimed = record and redis.pcall('XCLAIM', record.stream, GROUP, worker, 0, entry_of(record.receipt))
  if claimed and claimed.err and not claimed.err:find('NOGROUP') then
    return claimed
  end
  if claimed and claimed[1] then
    hand_out(overdue[at], record.priority, record.owner, record.receipt)
  else
    -- Its entry is lost; it will be offered again.
    redis.call('ZREM', UNSETTLED, overdue[at])
    redis.call('HDEL', TASKS, overdue[at])
  end
end

-- Hands out one of that priority, of the owner whose turn came longest ago; or all that fit, where nobody else waits.
local function serve(priority, other)
  local ring = ring_of(priority)
  while true do
    local owner, next_owner = unpack(redis.call('ZRANGE', ring, 0, 1))
    if not owner then
      numbers[priority] = 0
      return false
    end
    local alone = not next_owner and numbers[other] == 0
    local stream = stream_of(priority, owner)
    local read = join(stream)
      and redis.call(
        'XREADGROUP', 'GROUP', GROUP, worker, 'COUNT', alone and at_most - handed_out or 1, 'STREAMS', stream, '>'
      )
    if read then
      for _, entry in ipairs(read[1][2]) do
        numbers[priority] = math.max(numbers[priority] - 1, 0)
        hand_out(entry[2][2], priority, owner, entry[1] .. '/' .. entry[2][4])
      end
      if not alone then
        numbers.turn = numbers.turn + 1
        redis.call('ZADD', ring, numbers.turn, owner)
      end
      return true
    end
    redis.call('ZREM', ring, owner)
  end
end

local waited = numbers.i + numbers.b
while handed_out < at_most do
  local first, second = 'i', 'b'
  if numbers.b > 0 and numbers.overtaken + 1 >= batch_turn then
    first, second = 'b', 'i'
  end
  local served = serve(first, second) and first or serve(second, first) and second
  if not served then
    break
  end
  numbers.overtaken = served == 'i' and numbers.b > 0 and numbers.overtaken + 1 or 0
end
if handed_out > 0 then
  redis.call('ZADD', UNSETTLED, unpack(deadlines))
end
-- Also where nothing came although something was said to wait: it was lost.
if handed_out > 0 or waited > 0 then
  keep_numbers()
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
