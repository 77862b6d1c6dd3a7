-- Begins the scripts that take entries out of streams, after records.lua.

-- Nobody is handed these entries any more. A stream without any goes, and with it its owner's turn.
local function discard(priority, owner, entries)
  local stream = stream_of(priority, owner)
  redis.call('XACK', stream, GROUP, unpack(entries))
  redis.call('XDEL', stream, unpack(entries))
  if redis.call('XLEN', stream) == 0 then
    redis.call('DEL', stream)
    redis.call('ZREM', ring_of(priority), owner)
  end
end
