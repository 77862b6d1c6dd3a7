-- Where everything is. Begins every script; KEYS[1] is what the name of every key begins with. Its braces keep all keys on
-- one node of a cluster. Any key may vanish by itself, at any time: no script may fail for that.
local BASE = KEYS[1]
-- task -> its record, as in records.lua.
local TASKS = BASE .. ':tasks'
-- task -> when it is due.
local DELAYED = BASE .. ':delayed'
-- task and record of what was handed out, which is all that is needed to hand it out again -> when that is.
local UNSETTLED = BASE .. ':unsettled'
-- Numbers: see numbers.lua.
local COUNTS = BASE .. ':counts'
local BELL = BASE .. ':bell'
-- The group in every stream.
local GROUP = 'workers'

-- owner -> when their turn came last, of those for whom something waits.
local function ring_of(priority)
  return BASE .. ':ring:' .. priority
end

local function stream_of(priority, owner)
  return BASE .. ':' .. priority .. ':' .. owner
end

-- Every `step`-th argument.
local function arguments(step)
  local list = {}
  for i = 1, #ARGV, step do
    list[#list + 1] = ARGV[i]
  end
  return list
end
