#!/bin/sh
# A real Spark with a server of Spark Connect: `start` with two workers, `start local` without any, `stop`. Installed from PyPI (pyspark), it needs Java 17 (Debian:
# openjdk-17-jre-headless); all of it lies in target/spark-cluster. Each process's id is in a file of its own: master.pid,
# worker-1.pid, worker-2.pid, connect.pid. The address is in `address`. Started by hand; tests/spark/real.sh uses it.
set -u
cd "$(dirname "$0")/../.."
here=$PWD/target/spark-cluster
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1

free() {
    port=$1
    while python3 -c "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)" "$port" 2>/dev/null; do
        port=$((port + 1))
    done
    echo "$port"
}

# Runs a class of Spark in the background: its name here, then what `spark-class` takes.
background() {
    name=$1
    shift
    setsid "$home/bin/spark-class" "$@" >"$here/$name.log" 2>&1 &
    echo "$!" >"$here/$name.pid"
}

# Waits until a log has a line: the log, the words.
until_says() {
    tries=0
    until grep -q "$2" "$here/$1.log" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -gt 600 ] && { tail -n 20 "$here/$1.log" >&2; exit 2; }
        sleep 0.5
    done
}

case ${1:-} in
start)
    command -v java >/dev/null || { echo "there is no Java here (Debian: apt install openjdk-17-jre-headless)" >&2; exit 1; }
    sh tests/venv.sh "$here/venv" "pyspark==4.3.0" || exit 1
    home=$("$here/venv/bin/python" -c 'import pathlib, importlib.util as u; print(pathlib.Path(u.find_spec("pyspark").origin).parent)')
    export SPARK_HOME="$home"
    if [ "${2:-}" = local ]; then
        at="local[2]"
    else
        master=$(free 17077)
        at=spark://127.0.0.1:$master
        background master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$master" --webui-port "$(free 18080)"
        until_says master "I have been elected leader"
        for number in 1 2; do
            background "worker-$number" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 2 --memory 1g \
                --webui-port "$(free 18090)" --work-dir "$here/work-$number" "$at"
            until_says "worker-$number" "Successfully registered"
        done
    fi
    port=$(free 15302)
    ui=$(free 14040)
    background connect org.apache.spark.deploy.SparkSubmit --class org.apache.spark.sql.connect.service.SparkConnectServer \
        --master "$at" --conf "spark.connect.grpc.binding.port=$port" --conf spark.driver.host=127.0.0.1 \
        --conf spark.executor.memory=512m --conf "spark.ui.port=$ui" --conf "spark.sql.warehouse.dir=$here/warehouse" \
        --conf spark.sql.shuffle.partitions=4 --conf spark.task.maxFailures=4 --conf spark.sql.catalogImplementation=hive \
        --conf "spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName=$here/catalog;create=true" \
        --conf "spark.driver.extraJavaOptions=-Dderby.system.home=$here" spark-internal
    until_says connect "Spark Connect server started"
    echo "sc://127.0.0.1:$port" >"$here/address"
    echo "http://127.0.0.1:$ui" >"$here/ui"
    ;;
stop)
    for file in "$here"/*.pid; do
        [ -f "$file" ] && kill "$(cat "$file")" 2>/dev/null
    done
    rm -rf "$here"/*.pid "$here"/*.log "$here"/work-* "$here/address" "$here/ui" "$here/warehouse" "$here/catalog"
    ;;
*)
    echo "usage: $0 start [local]|stop" >&2
    exit 2
    ;;
esac
