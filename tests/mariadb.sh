#!/usr/bin/env bash
# A throwaway MariaDB for the tests that need a MySQL server.
#
#   tests/mariadb.sh start [PORT [DATA_DIR]]   starts it unless it runs, and prints its URL
#   tests/mariadb.sh stop  [PORT [DATA_DIR]]   stops it and deletes its data
#
# PORT and DATA_DIR may also come as PUPILA_MARIADB_PORT and PUPILA_MARIADB_DIR. It listens on
# 127.0.0.1 only; the user is root, without a password. Nothing in it is meant to last, so it
# does not wait for the disk.
set -euo pipefail

usage="usage: $0 start|stop [PORT [DATA_DIR]]"
command=${1:?$usage}
name=MariaDB
port=${2:-${PUPILA_MARIADB_PORT:-33306}}
# The place is short because a socket's path may have 107 bytes.
data_dir=${3:-${PUPILA_MARIADB_DIR:-/tmp/pupila-mariadb-$(id -u)-$port}}
pid_file=$data_dir/mariadb.pid
socket=$data_dir/mariadb.sock
url=mysql://root@127.0.0.1:$port

# The server refuses to run as root unless it is told which user to be.
as_user=()
if [[ $(id -u) -eq 0 ]]; then
  as_user=(--user=root)
fi

answers() {
  mariadb-admin --no-defaults --host=127.0.0.1 --port="$port" --user=root ping &>/dev/null
}

# Without a password root may come over TCP as well; --skip-test-db leaves only our schemas.
prepare() {
  [[ -d $data_dir/data/mysql ]] && return
  mariadb-install-db --no-defaults "${as_user[@]}" --datadir="$data_dir/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$data_dir/install.log" 2>&1 ||
    { cat "$data_dir/install.log" >&2; exit 1; }
}

launch() {
  exec setsid mariadbd --no-defaults "${as_user[@]}" --datadir="$data_dir/data" \
    --bind-address=127.0.0.1 --port="$port" --socket="$socket" --pid-file="$pid_file" \
    --max-connections=500 --innodb-flush-log-at-trx-commit=2 --skip-name-resolve
}

source "$(dirname "$0")/server.sh"
serve "$command"
