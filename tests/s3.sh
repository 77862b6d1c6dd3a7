#!/usr/bin/env bash
# A throwaway S3 server for the tests that need one: s3s-fs, which keeps objects as files and checks every signature.
#
#   tests/s3.sh start [PORT [DATA_DIR]]   starts it unless it runs, and prints its URL, with the keys to it
#   tests/s3.sh stop  [PORT [DATA_DIR]]   stops it and deletes its data
#
# PORT and DATA_DIR may also come as PUPILA_S3_PORT and PUPILA_S3_DIR. It listens on 127.0.0.1 only. The server is built
# into target/tools where it is missing, which takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

usage="usage: $0 start|stop [PORT [DATA_DIR]]"
command=${1:?$usage}
port=${2:-${PUPILA_S3_PORT:-33307}}
data_dir=${3:-${PUPILA_S3_DIR:-/tmp/pupila-s3-$(id -u)-$port}}
version=0.14.1
server=target/tools/bin/s3s-fs
pid_file=$data_dir/s3.pid
log=$data_dir/s3.log

running() {
  [[ -s $pid_file ]] && kill -0 "$(<"$pid_file")" 2>/dev/null
}

answers() {
  (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# Without optimisation it builds five times as fast, and is fast enough.
build() {
  [[ $("$server" --version 2>/dev/null) == "s3s-fs $version" ]] && return
  CARGO_PROFILE_DEV_DEBUG=0 cargo install s3s-fs --version "$version" --features binary --locked --debug --force \
    --root target/tools --target-dir target/tools/build >&2
  rm -rf target/tools/build
}

start() {
  running && answers && return
  if answers; then
    echo "port $port is taken by somebody else" >&2
    exit 1
  fi
  build
  mkdir -p "$data_dir/data"
  # In a session of its own, so that a Ctrl-C meant for the tests does not reach it.
  RUST_LOG=warn setsid "$server" --host 127.0.0.1 --port "$port" --access-key pupila --secret-key pupila-secret \
    "$data_dir/data" >"$log" 2>&1 </dev/null &
  local pid=$!
  echo "$pid" >"$pid_file"
  for _ in {1..300}; do
    answers && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "s3s-fs did not start on port $port:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

stop() {
  if running; then
    local pid
    pid=$(<"$pid_file")
    kill "$pid"
    for _ in {1..300}; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  fi
  rm -rf -- "$data_dir"
}

case $command in
  start)
    start
    echo "http://pupila:pupila-secret@127.0.0.1:$port"
    ;;
  stop) stop ;;
  *)
    echo "$usage" >&2
    exit 64
    ;;
esac
