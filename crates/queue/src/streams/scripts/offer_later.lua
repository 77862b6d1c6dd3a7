-- ARGV: task, priority, owner, when it is due in microseconds; and so on. The sooner of two times counts.
for at, record in ipairs(records_of(arguments(4))) do
  local task, priority, owner, due = unpack(ARGV, 4 * at - 3, 4 * at)
  if not record or not is_in_stream(record) then
    redis.call('HSET', TASKS, task, priority .. owner)
    redis.call('ZADD', DELAYED, 'LT', due, task)
  end
end
-- Those who wait may have to wait less.
redis.call('PUBLISH', BELL, '')
