#!/usr/bin/env bash
# Checks the dependencies with cargo-deny, which is built into target/tools where it is missing.
# Advisories need the network beyond the package registry: `cargo deny check advisories` where there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
export PATH="$PWD/target/tools/bin:$PATH"
if ! command -v cargo-deny >/dev/null; then
    cargo install cargo-deny --version "$version" --locked --root target/tools --target-dir target/tools/build
    rm -rf target/tools/build
fi
cargo deny --locked check bans licenses sources
