-- Begins the scripts that put tasks into streams or take them out.

-- How many wait (`i`, `b`), the last turn in the rings, how many interactive ones overtook a batch's since one of those came,
-- and how many were offered. Read once, and written once by `keep_numbers`.
local NUMBERS = { 'i', 'b', 'turn', 'overtaken', 'offers' }
-- So many digits are exact in Lua.
local DIGITS = 14

-- Whether streams, rings or numbers were lost, so that the numbers are not those of what waits.
local astray = false
local numbers = {}
for at, text in ipairs(redis.call('HMGET', COUNTS, unpack(NUMBERS))) do
  local number = text and #text <= DIGITS and text:match('^%d+$')
  astray = astray or not number
  numbers[NUMBERS[at]] = tonumber(number or 0)
end

-- How many of a stream's entries wait to be handed out.
local function waiting(stream)
  local held = redis.call('XLEN', stream)
  local handed_out = held > 0 and redis.pcall('XPENDING', stream, GROUP)[1] or 0
  return math.max(held - handed_out, 0)
end

-- Counts what waits, and finds the last turn, by the rings.
local function count_anew()
  for _, priority in ipairs({ 'i', 'b' }) do
    local owners = redis.call('ZRANGE', ring_of(priority), 0, -1, 'WITHSCORES')
    numbers[priority] = 0
    for i = 1, #owners, 2 do
      numbers[priority] = numbers[priority] + waiting(stream_of(priority, owners[i]))
      numbers.turn = math.max(numbers.turn, tonumber(owners[i + 1]))
    end
  end
end

if astray then
  count_anew()
  astray = false
end

local function keep_numbers()
  if astray then
    count_anew()
  end
  local fields = {}
  for _, name in ipairs(NUMBERS) do
    fields[#fields + 1] = name
    fields[#fields + 1] = numbers[name]
  end
  redis.call('HSET', COUNTS, unpack(fields))
end
