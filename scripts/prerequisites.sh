#!/usr/bin/env bash
# Installs what the build needs beside Rust and a C compiler, where it is missing: cmake builds libjpeg-turbo, and nasm
# its SIMD. Further Debian packages may be named: prerequisites.sh COMMAND=PACKAGE …
set -euo pipefail

missing=()
for need in cmake=cmake nasm=nasm "$@"; do
    command -v "${need%%=*}" >/dev/null || missing+=("${need#*=}")
done
[[ ${#missing[@]} -eq 0 ]] && exit

if ! command -v apt-get >/dev/null; then
    echo "please install: ${missing[*]}" >&2
    exit 1
fi
as_root=$([[ $(id -u) -eq 0 ]] || echo sudo)
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"
