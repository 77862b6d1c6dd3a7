# Sourced by the scripts of throwaway servers: mariadb.sh, redis.sh, s3.sh.
#
# Each sets `name`, `port`, `data_dir`, `pid_file` and `url`, and defines `prepare`, which makes what the server needs;
# `launch`, which becomes the server; and `answers`. Then it calls `serve COMMAND`.

running() {
  [[ -s $pid_file ]] && kill -0 "$(<"$pid_file")" 2>/dev/null
}

# Whether somebody listens on the port.
listens() {
  (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

start() {
  running && answers && return
  if listens; then
    echo "port $port is taken by somebody else" >&2
    exit 1
  fi
  mkdir -p "$data_dir"
  prepare
  # In a session of its own, so that a Ctrl-C meant for the tests does not reach it.
  launch >"$data_dir/server.log" 2>&1 </dev/null &
  local server=$!
  echo "$server" >"$pid_file"
  for _ in {1..300}; do
    answers && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "$name did not start on port $port:" >&2
  tail -n 20 "$data_dir/server.log" >&2
  exit 1
}

stop() {
  if running; then
    local server
    server=$(<"$pid_file")
    kill "$server"
    for _ in {1..300}; do
      kill -0 "$server" 2>/dev/null || break
      sleep 0.1
    done
  fi
  rm -rf -- "$data_dir"
}

serve() {
  case $1 in
    start)
      start
      echo "$url"
      ;;
    stop) stop ;;
    *)
      echo "$usage" >&2
      exit 64
      ;;
  esac
}
