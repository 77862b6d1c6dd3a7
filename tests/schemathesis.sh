#!/usr/bin/env bash
# Installs schemathesis, which makes up requests from the API's description, into target/tools where it is missing, and
# prints the path of the program.
set -euo pipefail
cd "$(dirname "$0")/.."

version=4.32.5
folder=target/tools/schemathesis
program=$folder/bin/schemathesis

if [[ $("$program" --version 2>/dev/null) != "schemathesis, version $version" ]]; then
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" >&2
fi
realpath "$program"
