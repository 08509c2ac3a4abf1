#!/bin/sh
# Everything that must hold, in one command: formatting, lints, schemas, tests, a small bench.
# Needs Rust, a C compiler and Python 3; uses cargo-nextest where it is installed.
set -eu
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

step "formatting"
cargo fmt --all -- --check

step "lints"
cargo clippy --all-targets --locked -- -D warnings

step "tests"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --no-fail-fast
else
    cargo test --locked --no-fail-fast
fi

step "schemas are those of the code"
cargo build --locked --quiet
for kind in config rules; do
    target/debug/muster schema "$kind" | diff - "schema/$kind.schema.json"
done

step "bench, small size: printed, not judged"
cargo bench --locked --bench engine -- --small
printf '\nall passed\n'
