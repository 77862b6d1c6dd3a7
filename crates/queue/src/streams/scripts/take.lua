-- Answers in how many microseconds something is due that no bell rings for (-1: nothing is), or else 0 and then for each
-- delivery: task, priority, owner, receipt.

-- More than this come due in one go only after a long silence; the next call goes on.
local MOST_DUE = 200
-- More than this are read in one go only where they were offered anew since; the next call goes on.
local MOST_READ = 1000
-- Of so many that an owner's stream says were handed out it is made sure in one go that they are known to be.
local MOST_CHECKED = 100

local due = redis.call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, MOST_DUE)
for at, record in ipairs(records_of(due)) do
  redis.call('ZREM', DELAYED, due[at])
  -- One with a receipt was offered at once since.
  if record and not record.entry then
    enqueue(due[at], record.priority, record.owner)
  end
end

-- First what a worker was silent about.
local overdue_tasks, overdue = {}, {}
for _, delivery in ipairs(redis.call('ZRANGEBYSCORE', UNSETTLED, '-inf', now, 'LIMIT', 0, at_most)) do
  redis.call('ZREM', UNSETTLED, delivery)
  local task, record = delivery:sub(1, 36), record_from(delivery:sub(37))
  if record and is_uuid(task) then
    overdue_tasks[#overdue_tasks + 1] = task
    overdue[#overdue + 1] = record
  end
end
for at, known_record in ipairs(records_of(overdue_tasks)) do
  local task, record = overdue_tasks[at], overdue[at]
  if is_in_stream(task, record) then
    local claimed = redis.pcall('XCLAIM', record.stream, GROUP, worker, 0, record.entry)
    if not claimed[1] then
      -- Somebody deleted the group: a new one hands it out.
      open(record.priority, record.owner)
    elseif not hand_out(task, record, known_record) then
      discard(record.priority, record.owner, { record.entry })
    end
  elseif known_record and known_record.text == record.text then
    -- Its entry is lost; it will be offered again.
    redis.call('HDEL', TASKS, task)
  end
end

-- What was handed out before and is to be handed out at no time is handed out next: Redis lost the time.
local function recall(priority, owner)
  local stream = stream_of(priority, owner)
  for _, pending in ipairs(redis.call('XPENDING', stream, GROUP, '-', '+', MOST_CHECKED)) do
    local entry = entry_at(stream, pending[1])
    if entry then
      local task, record = delivery_of(entry, priority, owner)
      local delivery = task and task .. record.text
      if delivery and not fresh[delivery] and not redis.call('ZSCORE', UNSETTLED, delivery) then
        redis.call('ZADD', UNSETTLED, now, delivery)
      end
    end
  end
end

-- Nothing more waits of the owner's.
local function leave_ring(priority, owner)
  local stream = stream_of(priority, owner)
  redis.call('ZREM', ring_of(priority), owner)
  local length = redis.call('XLEN', stream)
  if length == 0 then
    -- A turn goes with the last entry: this one's were lost.
    astray = true
    redis.call('DEL', stream)
  elseif length > (held[stream] or 0) then
    recall(priority, owner)
  end
end

local looked_at = 0
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
    local stream, count = stream_of(priority, owner), alone and at_most - handed_out or 1
    local entries = next_entries(stream, worker, patience, count)
    if entries then
      numbers[priority] = math.max(numbers[priority] - #entries, 0)
      looked_at = looked_at + #entries
      if not alone then
        numbers.turn = numbers.turn + 1
        redis.call('ZADD', ring, numbers.turn, owner)
      end
      deliver(priority, owner, entries)
      return true
    end
    leave_ring(priority, owner)
  end
end

local waited = numbers.i + numbers.b
while handed_out < at_most and looked_at < MOST_READ do
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
if handed_out > 0 or looked_at > 0 or waited > 0 or astray then
  keep_numbers()
end

if handed_out == 0 then
  local wait = looked_at < MOST_READ and -1 or 0
  for _, times in ipairs({ DELAYED, UNSETTLED }) do
    local first = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')[2]
    if first and (wait < 0 or tonumber(first) - now < wait) then
      wait = math.max(tonumber(first) - now, 0)
    end
  end
  answer[1] = wait
end
return answer
