#!/bin/sh
# A PostgreSQL server for the tests: `start`, `stop`. Its data, its socket, its keys and its log lie in target/postgres alone; it
# listens to this machine at a free port from 54329 on and needs nothing but Debian's package `postgresql` and openssl. Ends with 1
# where there is no PostgreSQL, with 2 where there is one and it does not start.
set -u
cd "$(dirname "$0")/../.."
here=$PWD/target/postgres
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
[ -x "$bin/initdb" ] || { echo "there is no PostgreSQL here (Debian: apt install postgresql)" >&2; exit 1; }

# PostgreSQL refuses to run as root.
as() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u "postgres" -- "$@"
    else
        "$@"
    fi
}

case ${1:-} in
start)
    if [ -f "$here/data/postmaster.pid" ] && as "$bin/pg_ctl" -D "$here/data" status >/dev/null 2>&1; then
        exit 0
    fi
    port=54329
    while "$bin/pg_isready" -q -h localhost -p "$port"; do port=$((port + 1)); done
    rm -rf "$here"
    mkdir -p "$here"
    [ "$(id -u)" = 0 ] && chown "postgres" "$here"
    set -e
    cd "$here"
    as "$bin/initdb" -D "$here/data" -U tests --encoding=UTF8 --locale=C.UTF-8 --auth=trust >init.log 2>&1 ||
        { cat init.log >&2; exit 2; }
    # An authority, and a certificate of `localhost` that it signed.
    (
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=tests -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
        printf 'subjectAltName=DNS:localhost\n' >server.ext
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile server.ext -out server.pem
    ) >keys.log 2>&1 || { cat keys.log >&2; exit 2; }
    [ "$(id -u)" = 0 ] && chown "postgres" server.key
    chmod 600 server.key
    printf 'secret\n' >password
    cat >data/pg_hba.conf <<HBA
local all tests trust
local all all trust
host all slow,quick 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
HBA
    cat >>data/postgresql.conf <<CONF
port = $port
listen_addresses = 'localhost'
unix_socket_directories = '$here'
max_connections = 40
fsync = off
full_page_writes = off
ssl = on
ssl_cert_file = '$here/server.pem'
ssl_key_file = '$here/server.key'
CONF
    # A locale of another language, which tests skip where it cannot be made.
    mkdir locale
    localedef -i de_DE -f UTF-8 "$here/locale/de_DE.UTF-8" >locale.log 2>&1 || true
    as env LOCPATH="$here/locale:/usr/lib/locale" "$bin/pg_ctl" -D "$here/data" -l "$here/data/server.log" -w start >start.log 2>&1 ||
        { cat start.log data/server.log >&2; exit 2; }
    "$bin/psql" -q -h "$here" -p "$port" -U tests -d postgres -c "
        CREATE ROLE reader LOGIN PASSWORD 'secret';
        CREATE ROLE quick LOGIN;
        CREATE ROLE slow LOGIN;
        ALTER ROLE slow SET statement_timeout = '300ms'" || exit 2
    printf '%s\n%s\n%s\n' "$here" "$port" "$bin/psql" >"$here/address"
    ;;
stop)
    [ -d "$here/data" ] || exit 0
    as "$bin/pg_ctl" -D "$here/data" -m immediate -w stop >/dev/null 2>&1
    rm -rf "$here"
    ;;
*)
    echo "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
