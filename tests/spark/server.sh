#!/bin/sh
# A server of Spark Connect for the tests: `start`, `stop`. It is PySail, one process that answers as Spark does, installed from PyPI
# with pyarrow, which writes the tables; all of it lies in target/spark alone, and it listens to this machine at a free port from 15102
# on. Ends with 1 where PySail cannot be had, with 2 where there is one and it does not start.
set -u
cd "$(dirname "$0")/../.."
here=$PWD/target/spark
packages="pysail==0.7.2 pyarrow==26.0.1"

answers() { "$here/venv/bin/python" -c "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)" "$1" 2>/dev/null; }

case ${1:-} in
start)
    if [ -f "$here/address" ] && answers "$(cat "$here/address")"; then
        exit 0
    fi
    # shellcheck disable=SC2086
    sh tests/venv.sh "$here/venv" $packages >/dev/null 2>&1 ||
        { echo "PySail cannot be installed into target/spark: $packages" >&2; exit 1; }
    port=15102
    while answers "$port"; do port=$((port + 1)); done
    rm -f "$here/address"
    "$here/venv/bin/sail" spark server --port "$port" -C "$here" >"$here/server.log" 2>&1 &
    echo "$!" >"$here/pid"
    tries=0
    until answers "$port"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 60 ] || ! kill -0 "$(cat "$here/pid")" 2>/dev/null; then
            cat "$here/server.log" >&2
            exit 2
        fi
        sleep 0.5
    done
    echo "$port" >"$here/address"
    ;;
stop)
    [ -f "$here/pid" ] || exit 0
    kill "$(cat "$here/pid")" 2>/dev/null
    rm -rf "$here/pid" "$here/address" "$here/server.log" "$here/tables"
    ;;
*)
    echo "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
