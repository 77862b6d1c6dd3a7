-- ARGV: task, receipt; and so on.
local touched = {}
for i = 1, #ARGV, 2 do
  local task, receipt = ARGV[i], ARGV[i + 1]
  local record = record_of(task)
  -- Otherwise it was settled before, and may have been offered again since.
  if record and record.receipt == receipt then
    local entry = entry_of(receipt)
    redis.call('XACK', record.stream, GROUP, entry)
    redis.call('XDEL', record.stream, entry)
    redis.call('HDEL', TASKS, task)
    redis.call('ZREM', UNSETTLED, task)
    touched[record.stream] = record
  end
end
for stream, record in pairs(touched) do
  if redis.call('XLEN', stream) == 0 then
    redis.call('DEL', stream)
    redis.call('ZREM', ring_of(record.priority), record.owner)
  end
end
