#!/bin/sh
# Runs ask_spark.py over a folder and a server in an environment of its own; ends with 77 where the client cannot be had.
set -eu
root=$(dirname "$0")/../..
environment=$root/target/spark-client
package=pyspark-client==4.2.0
if ! sh "$root/tests/venv.sh" "$environment" "$package" >&2; then
    echo "SKIPPED: Spark: $package cannot be installed into $environment" >&2
    exit 77
fi
exec "$environment/bin/python" -W ignore "$root/benches/engine/ask_spark.py" "$@"
