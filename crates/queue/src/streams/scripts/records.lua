-- Begins every script, after places.lua. What is not understood counts as lost: one broken record is no reason to fail for all.

local UUID = '^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$'
local RECEIPT = '^(%d+%-%d+)/(%d+)$'

-- As we write them.
local function is_uuid(text)
  return text:match(UUID) and not text:find('%u')
end

-- What is known of a task: its priority (`i` or `b`), its owner, and its receipt, which one that is delayed has not. A receipt
-- is the entry in the owner's stream and the number of the offer: a stream that was deleted and made anew in the same
-- millisecond begins with the same entry again.
local function record_from(text)
  local priority, owner, receipt = text:sub(1, 1), text:sub(2, 37), text:sub(38)
  local entry, offer = receipt:match(RECEIPT)
  if (priority ~= 'i' and priority ~= 'b') or not is_uuid(owner) or (not entry and receipt ~= '') then
    return nil
  end
  local stream = stream_of(priority, owner)
  return {
    text = text, priority = priority, owner = owner, receipt = receipt, entry = entry, offer = offer, stream = stream,
  }
end

-- The records of tasks, each at its place in the list; false of one that is not here.
local function records_of(tasks)
  local records = #tasks > 0 and redis.call('HMGET', TASKS, unpack(tasks)) or {}
  for at, text in ipairs(records) do
    records[at] = text and record_from(text) or false
  end
  return records
end

-- The task and the number of the offer that an entry names.
local function fields_of(entry)
  local fields = {}
  for i = 1, #entry[2], 2 do
    fields[entry[2][i]] = entry[2][i + 1]
  end
  return fields.task or '', fields.offer or ''
end

-- The task of an entry in an owner's stream, and the record that it has as long as it is there. Neither of an entry that is
-- not of ours.
local function delivery_of(entry, priority, owner)
  local task, offer = fields_of(entry)
  local record = record_from(priority .. owner .. entry[1] .. '/' .. offer)
  if record and is_uuid(task) then
    return task, record
  end
end

-- nil where there is none, and where nothing can be called that.
local function entry_at(stream, id)
  return redis.pcall('XRANGE', stream, id, id)[1]
end

-- Whether the task's entry is in the stream. Looks there, so that a task of which only the record is left is offered anew.
local function is_in_stream(task, record)
  local entry = record.entry and entry_at(record.stream, record.entry)
  if not entry then
    return false
  end
  local its_task, its_offer = fields_of(entry)
  return its_task == task and its_offer == record.offer
end
