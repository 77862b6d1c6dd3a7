-- ARGV: task, priority, owner, when it is due in microseconds; and so on. The sooner of two times counts.
local mended = false
for at, record in ipairs(records_of(arguments(4))) do
  local task, priority, owner, due = unpack(ARGV, 4 * at - 3, 4 * at)
  if record and is_in_stream(task, record) then
    mend(task, record)
    mended = true
  else
    redis.call('HSET', TASKS, task, priority .. owner)
    redis.call('ZADD', DELAYED, 'LT', due, task)
    if record then
      redis.call('ZREM', UNSETTLED, task .. record.text)
    end
  end
end
if mended then
  keep_numbers()
end
-- Those who wait may have to wait less.
redis.call('PUBLISH', BELL, '')
