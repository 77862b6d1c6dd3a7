#!/usr/bin/env bash
# A throwaway Redis for the tests that need one.
#
#   tests/redis.sh start [PORT [DATA_DIR]]   starts it unless it runs, and prints its URL
#   tests/redis.sh stop  [PORT [DATA_DIR]]   stops it and deletes its data
#
# PORT and DATA_DIR may also come as PUPILA_REDIS_PORT and PUPILA_REDIS_DIR. It listens on 127.0.0.1 only, without a
# password, and keeps nothing on disk.
set -euo pipefail

usage="usage: $0 start|stop [PORT [DATA_DIR]]"
command=${1:?$usage}
name=Redis
port=${2:-${PUPILA_REDIS_PORT:-33308}}
data_dir=${3:-${PUPILA_REDIS_DIR:-/tmp/pupila-redis-$(id -u)-$port}}
pid_file=$data_dir/redis.pid
url=redis://127.0.0.1:$port

answers() {
  [[ $(redis-cli -h 127.0.0.1 -p "$port" ping 2>/dev/null) == PONG ]]
}

prepare() { :; }

launch() {
  exec setsid redis-server --bind 127.0.0.1 --port "$port" --dir "$data_dir" --save '' --appendonly no
}

source "$(dirname "$0")/server.sh"
serve "$command"
