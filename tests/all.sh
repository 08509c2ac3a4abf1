#!/bin/sh
# Everything that must hold, in one command: formatting, lints, schemas, tests, a small bench.
# Needs Rust, a C compiler and Python 3; uses cargo-nextest where it is installed.
set -eu
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

# What fails is told at the end: one run tells everything that is wrong.
failed=
must() {
    "$@" || failed="$failed
  $*"
}

step "formatting"
must cargo fmt --all -- --check

step "lints"
must cargo clippy --all-targets --locked -- -D warnings

step "a mail server for the tests: aiosmtpd"
server=target/mail-server
packages="aiosmtpd==1.4.6 trustme==1.2.1"
# shellcheck disable=SC2086
if ! sh tests/venv.sh "$server" $packages; then
    echo "aiosmtpd cannot be installed into $server: the mail tests need it" >&2
    echo "Debian: apt install python3-venv; without a network, put the wheels of" \
        "$packages where pip finds them" >&2
    exit 1
fi
export MUSTER_NEEDS_MAIL_SERVER=1

step "servers and a browser for the tests"
# In continuous integration the machine is ours: there they may be installed.
if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ]; then
    wanted=
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
    command -v nginx >/dev/null || wanted="$wanted nginx-light"
    command -v chromium >/dev/null || wanted="$wanted chromium"
    command -v protoc >/dev/null || wanted="$wanted protobuf-compiler libprotobuf-dev"
    command -v nvim >/dev/null || wanted="$wanted neovim"
    # shellcheck disable=SC2086
    [ -z "$wanted" ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null; } ||
        echo "not all of$wanted can be installed"
fi

step "a PostgreSQL server for the tests"
started=0
sh tests/postgres/server.sh start || started=$?
case $started in
0)
    trap 'sh tests/postgres/server.sh stop' EXIT
    export MUSTER_NEEDS_POSTGRES=1
    ;;
1) echo "SKIPPED: PostgreSQL as a source of rows is not tested" ;;
*)
    failed="$failed
  sh tests/postgres/server.sh start"
    ;;
esac

step "time zones for Python, which the calendar is held against"
zones='import zoneinfo; zoneinfo.ZoneInfo("Africa/Cairo"); zoneinfo.ZoneInfo("Australia/Lord_Howe")'
if ! python3 -c "$zones" 2>/dev/null; then
    "$server/bin/python" -m pip install --quiet tzdata 2>/dev/null ||
        python3 -m pip --python "$server/bin/python" install --quiet tzdata
    export MUSTER_PYTHON="$PWD/$server/bin/python"
    "$MUSTER_PYTHON" -c "$zones"
fi

step "proxies for the tests of deploy/: Debian's nginx and Caddy"
if ! sh tests/unpacked.sh target/proxies nginx caddy; then
    echo "SKIPPED where they are not installed: nginx and caddy cannot be downloaded here"
fi

step "tests"
if cargo nextest --version >/dev/null 2>&1; then
    must cargo nextest run --locked --no-fail-fast
else
    must cargo test --locked --no-fail-fast
fi

step "tables of Apache Spark, by PySail: a build with the feature spark"
sparks=1
command -v protoc >/dev/null && { sparks=0; sh tests/spark/server.sh start || sparks=$?; }
case $sparks in
0)
    trap 'sh tests/postgres/server.sh stop; sh tests/spark/server.sh stop' EXIT
    must cargo clippy --all-targets --locked --features spark -- -D warnings
    if cargo nextest --version >/dev/null 2>&1; then
        MUSTER_NEEDS_SPARK=1 must cargo nextest run --locked --no-fail-fast --features spark --test spark
        MUSTER_NEEDS_SPARK=1 must cargo nextest run --locked --features spark --test engine pushdown::by_spark
    else
        MUSTER_NEEDS_SPARK=1 must cargo test --locked --no-fail-fast --features spark --test spark
        MUSTER_NEEDS_SPARK=1 must cargo test --locked --features spark --test engine pushdown::by_spark
    fi
    ;;
1) echo "SKIPPED: Spark is not tested: it needs protoc (Debian: protobuf-compiler, libprotobuf-dev) and PySail" ;;
*)
    failed="$failed
  sh tests/spark/server.sh start"
    ;;
esac

step "schemas are those of the code"
cargo build --locked --quiet
for kind in config rules tests; do
    target/debug/muster schema "$kind" > "target/$kind.schema.json"
    must diff "target/$kind.schema.json" "schema/$kind.schema.json"
done

step "mails, held against what mail programs support"
if command -v npm >/dev/null; then
    must sh tests/mail/markup/try.sh target/debug/muster
else
    echo "SKIPPED: there is no npm here"
fi

step "the VS Code extension: built, its grammars over the shipped rules"
if command -v npm >/dev/null; then
    must sh editors/vscode/build.sh
else
    echo "SKIPPED: there is no npm here; Debian: apt install npm"
fi

step "every feature of the language server, in Neovim"
if command -v nvim >/dev/null; then
    must sh tests/editor/try.sh target/debug/muster
else
    echo "SKIPPED: there is no nvim here; Debian: apt install neovim"
fi

step "the language server in Emacs"
if command -v emacs >/dev/null; then
    must sh tests/editor/emacs.sh target/debug/muster
else
    echo "SKIPPED: there is no emacs here; Debian: apt install emacs-nox elpa-eglot elpa-yaml-mode"
fi

step "the corners of the protocol of editors, by pygls' client"
if sh tests/venv.sh target/editor-client pygls==2.1.1 2>/dev/null; then
    must sh tests/editor/corners.sh target/debug/muster target/editor-client/bin/python
else
    echo "SKIPPED: pygls cannot be installed here; without a network, put its wheels where pip finds them"
fi

step "the page in a browser: tasks, axe, light and dark, narrow and wide"
if command -v npm >/dev/null && command -v chromium >/dev/null; then
    must sh tests/page/try.sh target/debug/muster
else
    echo "SKIPPED: there is no npm or no chromium here; Debian: apt install npm chromium"
fi

step "as a user of no rights in a read-only root"
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    must sh deploy/try.sh target/debug/muster
    if command -v systemd-analyze >/dev/null; then
        must sh deploy/verify.sh
    else
        echo "SKIPPED: the units are not verified: there is no systemd-analyze here"
    fi
else
    echo "SKIPPED: needs root and unshare"
fi

# That the benches run and what they compare is equal, not how fast it is: an optimized build takes a quarter of an hour on two cores.
step "benches, small size, without optimization: their figures say nothing"
must cargo bench --locked --profile dev --bench engine -- --small
must cargo bench --locked --profile dev --bench page -- --small
must "${MUSTER_PYTHON:-python3}" benches/reading.py target/debug/muster 10000
if command -v sqlite3 >/dev/null; then
    must python3 benches/import.py target/debug/muster 10000
else
    echo "SKIPPED: there is no sqlite3 shell here; Debian: apt install sqlite3"
fi

if [ -n "$failed" ]; then
    printf '\nfailed:%s\n' "$failed" >&2
    exit 1
fi
printf '\nall passed\n'
