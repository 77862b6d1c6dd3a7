-- Begins the script that takes.

local function pair(list, name)
  for i = 1, #list, 2 do
    if list[i] == name then
      return list[i + 1]
    end
  end
end

-- Makes the worker a consumer. A new one makes room: those leave who hold nothing and were silent.
local function become_consumer(stream, worker, patience)
  local new = redis.pcall('XGROUP', 'CREATECONSUMER', stream, GROUP, worker)
  if type(new) == 'table' then
    -- Somebody deleted the group. A new one begins with what it did not hand out. Otherwise Redis is full, and has to be read
    -- from all the more: that makes the worker a consumer too, and may.
    if new.err:find('NOGROUP') then
      redis.call('XGROUP', 'CREATE', stream, GROUP, '0')
    end
  elseif new == 1 then
    for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, GROUP)) do
      local name = pair(consumer, 'name')
      if name ~= worker and pair(consumer, 'pending') == 0 and pair(consumer, 'idle') * 1000 > patience then
        redis.call('XGROUP', 'DELCONSUMER', stream, GROUP, name)
      end
    end
  end
end

local known = {}
-- Up to `count` entries that nobody was handed, or nil where none are.
local function next_entries(stream, worker, patience, count)
  if known[stream] == nil then
    known[stream] = redis.call('EXISTS', stream) == 1
    if known[stream] then
      become_consumer(stream, worker, patience)
    end
  end
  local read = known[stream]
    and redis.call('XREADGROUP', 'GROUP', GROUP, worker, 'COUNT', count, 'STREAMS', stream, '>')
  return read and read[1][2] or nil
end
