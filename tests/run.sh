#!/usr/bin/env bash
# Runs every test of the workspace, with a MariaDB of its own that is stopped afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/prerequisites.sh mariadbd=mariadb-server

# Folder and port of this run alone, so that two checkouts can be tested at the same time.
PUPILA_MARIADB_DIR=$(mktemp -d)
PUPILA_MARIADB_PORT=${PUPILA_MARIADB_PORT:-$((20000 + RANDOM % 10000))}
export PUPILA_MARIADB_DIR PUPILA_MARIADB_PORT
trap 'tests/mariadb.sh stop; rm -rf "$PUPILA_MARIADB_DIR"' EXIT
PUPILA_TEST_MYSQL_URL=$(tests/mariadb.sh start | tail -n 1)
export PUPILA_TEST_MYSQL_URL

# The end-to-end tests start these.
cargo build --workspace --bins
# There are no tests in the documentation; left out, the longest suite has the last word.
cargo test --workspace --lib --bins --tests "$@"
