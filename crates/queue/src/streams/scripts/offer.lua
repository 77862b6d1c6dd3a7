-- ARGV: task, priority, owner; and so on.
local seen = {}
for at, record in ipairs(records_of(arguments(3))) do
  local task, priority, owner = unpack(ARGV, 3 * at - 2, 3 * at)
  if not seen[task] then
    seen[task] = true
    if record and is_in_stream(task, record) then
      mend(task, record)
    else
      enqueue(task, priority, owner)
      forget(task, record)
    end
  end
end
keep_numbers()
redis.call('PUBLISH', BELL, '')
