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
name=s3s-fs
port=${2:-${PUPILA_S3_PORT:-33307}}
data_dir=${3:-${PUPILA_S3_DIR:-/tmp/pupila-s3-$(id -u)-$port}}
pid_file=$data_dir/s3.pid
url=http://pupila:pupila-secret@127.0.0.1:$port
version=0.14.1
program=target/tools/bin/s3s-fs

answers() {
  listens
}

# Without optimisation it builds five times as fast, and is fast enough.
build() {
  [[ $("$program" --version 2>/dev/null) == "s3s-fs $version" ]] && return
  CARGO_PROFILE_DEV_DEBUG=0 cargo install s3s-fs --version "$version" --features binary --locked --debug --force \
    --root target/tools --target-dir target/tools/build >&2
  rm -rf target/tools/build
}

prepare() {
  build
  mkdir -p "$data_dir/data"
}

launch() {
  RUST_LOG=warn exec setsid "$program" --host 127.0.0.1 --port "$port" --access-key pupila --secret-key pupila-secret \
    "$data_dir/data"
}

source tests/server.sh
serve "$command"
