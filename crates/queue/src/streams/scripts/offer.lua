-- ARGV: task, priority, owner; and so on.
local offered = false
for i = 1, #ARGV, 3 do
  local task, priority, owner = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local place = place_of(task)
  if place == 'stream' then
    -- Should the ring have lost the owner, here they come back.
    join_ring(priority, owner)
  else
    if place == 'delayed' then
      redis.call('ZREM', DELAYED, task)
    end
    enqueue(task, priority, owner)
    offered = true
  end
end
if offered then
  redis.call('PUBLISH', BELL, '')
end
