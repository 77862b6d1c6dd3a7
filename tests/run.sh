#!/usr/bin/env bash
# Runs every test of the workspace, with a MariaDB, a Redis and an S3 server of its own that are stopped afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/prerequisites.sh mariadbd=mariadb-server python3=python3-venv redis-server=redis-server promtool=prometheus

# Folders and ports of this run alone, so that two checkouts can be tested at the same time.
PUPILA_MARIADB_DIR=$(mktemp -d)
PUPILA_MARIADB_PORT=${PUPILA_MARIADB_PORT:-$((20000 + RANDOM % 10000))}
PUPILA_REDIS_DIR=$(mktemp -d)
PUPILA_REDIS_PORT=${PUPILA_REDIS_PORT:-$((30000 + RANDOM % 2000))}
PUPILA_S3_DIR=$(mktemp -d)
PUPILA_S3_PORT=${PUPILA_S3_PORT:-$((10000 + RANDOM % 10000))}
export PUPILA_MARIADB_DIR PUPILA_MARIADB_PORT PUPILA_REDIS_DIR PUPILA_REDIS_PORT PUPILA_S3_DIR PUPILA_S3_PORT
trap 'tests/mariadb.sh stop; tests/redis.sh stop; tests/s3.sh stop' EXIT
PUPILA_TEST_MYSQL_URL=$(tests/mariadb.sh start | tail -n 1)
PUPILA_TEST_REDIS_URL=$(tests/redis.sh start | tail -n 1)
PUPILA_TEST_S3_URL=$(tests/s3.sh start | tail -n 1)
PUPILA_TEST_SCHEMATHESIS=$(tests/schemathesis.sh)
export PUPILA_TEST_MYSQL_URL PUPILA_TEST_REDIS_URL PUPILA_TEST_S3_URL PUPILA_TEST_SCHEMATHESIS

# The end-to-end tests start these.
cargo build --workspace --bins
# There are no tests in the documentation; left out, the longest suite has the last word.
cargo test --workspace --lib --bins --tests "$@"
