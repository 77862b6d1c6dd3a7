-- ARGV: task, priority, owner; and so on.

-- What is here already needs nothing, unless Redis lost the key that it would be handed out by.
local function mend(task, record)
  join_ring(record.priority, record.owner)
  if not redis.call('ZSCORE', UNSETTLED, task) then
    local entry = entry_of(record.receipt)
    local pending = redis.pcall('XPENDING', record.stream, GROUP, entry, entry, 1)
    if pending[1] then
      redis.call('ZADD', UNSETTLED, 0, task)
    end
  end
end

local records, seen = records_of(arguments(3)), {}
for at, record in ipairs(records) do
  local task, priority, owner = unpack(ARGV, 3 * at - 2, 3 * at)
  if not seen[task] then
    seen[task] = true
    if record and is_in_stream(record) then
      mend(task, record)
    else
      if record then
        redis.call('ZREM', DELAYED, task)
      end
      enqueue(task, priority, owner)
    end
  end
end
keep_numbers()
redis.call('PUBLISH', BELL, '')
