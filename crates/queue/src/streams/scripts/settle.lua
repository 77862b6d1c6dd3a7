-- ARGV: task, receipt; and so on.
local tasks = arguments(2)
local settled, streams = {}, {}
for at, record in ipairs(records_of(tasks)) do
  -- Otherwise it was settled before, and may have been offered again since.
  if record and record.receipt == ARGV[2 * at] then
    settled[#settled + 1] = tasks[at]
    local stream = streams[record.stream] or { record = record, entries = {} }
    streams[record.stream] = stream
    stream.entries[#stream.entries + 1] = entry_of(record.receipt)
  end
end
if #settled > 0 then
  redis.call('HDEL', TASKS, unpack(settled))
  redis.call('ZREM', UNSETTLED, unpack(settled))
end
for name, stream in pairs(streams) do
  redis.call('XACK', name, GROUP, unpack(stream.entries))
  redis.call('XDEL', name, unpack(stream.entries))
  if redis.call('XLEN', name) == 0 then
    redis.call('DEL', name)
    redis.call('ZREM', ring_of(stream.record.priority), stream.record.owner)
  end
end
