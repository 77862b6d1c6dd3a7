-- ARGV: task, priority, owner, when it is due in microseconds; and so on. The sooner of two times counts.
for i = 1, #ARGV, 4 do
  local task, priority, owner, due = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local place = place_of(task)
  if place == 'delayed' then
    redis.call('ZADD', DELAYED, 'LT', due, task)
  elseif not place then
    redis.call('HSET', TASKS, task, priority .. owner)
    redis.call('ZADD', DELAYED, due, task)
  end
end
-- Those who wait may have to wait less.
redis.call('PUBLISH', BELL, '')
