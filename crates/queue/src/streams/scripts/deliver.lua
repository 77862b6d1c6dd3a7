-- Begins take.lua. ARGV: now and the time to settle, in microseconds; the worker; how many at most; every how-many-th is a
-- batch's.
local now, patience, worker = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local at_most, batch_turn = tonumber(ARGV[4]), tonumber(ARGV[5])

-- `fresh` and `held` are what is handed out now: the deliveries, and how many of each stream.
local answer, handed_out, deadlines, fresh, held = { 0 }, 0, {}, {}, {}

-- Hands out what is in a stream, unless the task has been offered anew since. Whether it did.
local function hand_out(task, record, known_record)
  if known_record and known_record.text ~= record.text then
    return false
  end
  if not known_record then
    redis.call('HSET', TASKS, task, record.text)
  end
  for _, part in ipairs({ task, record.priority, record.owner, record.receipt }) do
    answer[#answer + 1] = part
  end
  local delivery = task .. record.text
  deadlines[#deadlines + 1] = now + patience
  deadlines[#deadlines + 1] = delivery
  fresh[delivery] = true
  held[record.stream] = (held[record.stream] or 0) + 1
  handed_out = handed_out + 1
  return true
end

-- Hands out what was read of an owner's.
local function deliver(priority, owner, entries)
  local tasks, records, unwanted = {}, {}, {}
  for _, entry in ipairs(entries) do
    local task, record = delivery_of(entry, priority, owner)
    if task then
      tasks[#tasks + 1] = task
      records[#records + 1] = record
    else
      unwanted[#unwanted + 1] = entry[1]
    end
  end
  for at, known_record in ipairs(records_of(tasks)) do
    if not hand_out(tasks[at], records[at], known_record) then
      unwanted[#unwanted + 1] = records[at].entry
    end
  end
  if #unwanted > 0 then
    discard(priority, owner, unwanted)
  end
end
