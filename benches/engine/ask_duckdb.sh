#!/bin/sh
# Runs ask_duckdb.py over a folder in an environment of its own; ends with 77 where DuckDB cannot be had.
set -eu
root=$(dirname "$0")/../..
environment=$root/target/duckdb
package=duckdb==2.0.1
if ! sh "$root/tests/venv.sh" "$environment" "$package" >&2; then
    echo "SKIPPED: DuckDB: $package cannot be installed into $environment" >&2
    exit 77
fi
exec "$environment/bin/python" "$root/benches/engine/ask_duckdb.py" "$1"
