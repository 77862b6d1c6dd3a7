-- KEYS: the marker. ARGV: what marks it as ours. Unless it was lost, or marked by another, in the meantime, from now on it stays.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1])
end
