-- ARGV: task, the record that it had when it was handed out; and so on.
local tasks, deliveries, settled, streams = arguments(2), {}, {}, {}
for at, known in ipairs(redis.call('HMGET', TASKS, unpack(tasks))) do
  local task, text = tasks[at], ARGV[2 * at]
  deliveries[at] = task .. text
  -- Otherwise it was settled before, and may have been offered again since.
  if known == text then
    settled[#settled + 1] = task
  end
  -- What was handed out goes also where the task has been offered anew, or its record was lost. Then nothing but the entry
  -- tells whether it is the same one still.
  local handed_out = record_from(text)
  if handed_out and handed_out.entry and (known == text or is_in_stream(task, handed_out)) then
    local stream = streams[handed_out.stream] or { record = handed_out, entries = {} }
    streams[handed_out.stream] = stream
    stream.entries[#stream.entries + 1] = handed_out.entry
  end
end
redis.call('ZREM', UNSETTLED, unpack(deliveries))
if #settled > 0 then
  redis.call('HDEL', TASKS, unpack(settled))
end
for _, stream in pairs(streams) do
  discard(stream.record.priority, stream.record.owner, stream.entries)
end
