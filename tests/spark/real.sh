#!/bin/sh
# Runs against a real Spark of two workers, by hand: sh tests/spark/real.sh MUSTER. Each line says what was done, how the run ended, and
# whether what is published is that of the same rows in a SQLite file (`equal`) or the last results (`unchanged`). Ends with 1 where it
# is neither. Needs Java 17; see tests/spark/cluster.sh.
set -eu
muster=$(realpath "$1")
root=$(realpath "$(dirname "$0")/../..")
cd "$root"
work=$(mktemp -d)
trap 'cd "$root"; rm -rf "$work"; sh "$root/tests/spark/cluster.sh" stop' EXIT
sh "$root/tests/spark/cluster.sh" start
cluster=$root/target/spark-cluster
"$cluster/venv/bin/python" -c 'import pyarrow' 2>/dev/null || "$cluster/venv/bin/python" -m pip install --quiet pyarrow==26.0.1
cd "$work"
"$cluster/venv/bin/python" - <<'PYTHON'
import random, sqlite3
r = random.Random(1)
c = sqlite3.connect("shop.db")
c.executescript("create table clients (id integer primary key, city text);"
                "create table visits (id integer primary key, client_id integer, at timestamp, paid decimal(12,2))")
c.executemany("insert into clients values (?, ?)", ((i, r.choice(["Ulm", "Bonn", None])) for i in range(1, 20_001)))
c.executemany("insert into visits values (?, ?, ?, ?)", (
    (i, r.randrange(1, 20_001), f"202{r.randrange(3, 6)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02} {r.randrange(24):02}:00:00", r.randrange(10_000) / 100)
    for i in range(1, 800_001)))
c.commit()
PYTHON
"$cluster/venv/bin/python" "$root/tests/spark/parquet.py" shop.db tables 100000 typed
mkdir rules
cat >rules/shop.yaml <<'RULES'
segments:
  - { id: often, when: count(visits in last 12 months) >= 14 }
  - { id: dear, when: sum(visits.paid) > 2000 }
  - { id: gone, when: days_since(last(visits).at) > 30 and city is present }
  - { id: varied, when: count(distinct visits.paid) < count(visits) - 1 }
RULES
configure() {
    cat >"$1" <<CONFIG
database: $2
results: sqlite:$3
timezone: Europe/Berlin
guard: off
subject: { name: client, table: clients, key: id }
collections:
  visits: { table: visits, subject: client_id, at: at, key: id, types: { paid: money } }
CONFIG
}
configure sqlite.yaml sqlite:shop.db sqlite.results.db
configure spark.yaml "{ spark: \"$(cat "$cluster/address")\", tables: { clients: $work/tables/clients, visits: $work/tables/visits } }" spark.results.db

# What is published, as a digest.
published() {
    python3 - "$1" <<'PYTHON'
import hashlib, sqlite3, sys
c = sqlite3.connect(sys.argv[1])
rows = c.execute("select segment_id, subject_key from muster_memberships order by 1, 2").fetchall()
print(len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()[:12])
PYTHON
}

# Runs, does something after so many seconds, and says how it ended.
during() {
    after=$1 what=$2
    shift 2
    before=$(published spark.results.db)
    "$muster" --config spark.yaml run --as-of 2026-01-01 >out 2>&1 &
    run=$!
    sleep "$after"
    "$@" >/dev/null 2>&1 || true
    code=0
    wait "$run" || code=$?
    now=$(published spark.results.db)
    ended="code $code, $(grep -c . out) lines: $(grep -m 1 -E 'sc://|published|stopped|evaluated' out || true)"
    case $code in
    0)
        case $now in
        "$right") verdict=equal ;;
        "$fewer") verdict="equal, without the file, which was gone before the run began" ;;
        *) verdict=WRONG ;;
        esac
        ;;
    *) [ "$now" = "$before" ] && verdict=unchanged || verdict=WRONG ;;
    esac
    printf '%s after %s s: %s: %s\n' "$what" "$after" "$verdict" "$ended"
    [ "$verdict" != WRONG ] || wrong=1
}

executor() { pgrep -f "CoarseGrainedExecutorBackend.*work-$1|CoarseGrainedExecutorBackend" | sed -n "$1p"; }
kill_executor() { kill -9 "$(executor "$1")"; }
kill_worker() { kill -9 "$(cat "$cluster/worker-2.pid")" "$(executor 2)"; }
kill_connect() { kill -9 "$(cat "$cluster/connect.pid")"; }
delete_file() { mv tables/visits/0003.parquet deleted; }
stop_run() { kill -TERM "$run"; }
cancel_job() {
    python3 - "$(cat "$cluster/ui")" <<'PYTHON'
import json, re, sys, time, urllib.parse, urllib.request
ui = sys.argv[1]
ask = lambda path: urllib.request.urlopen(f"{ui}{path}").read().decode()
application = json.loads(ask("/api/v1/applications"))[0]["id"]
for _ in range(400):
    running = json.loads(ask(f"/api/v1/applications/{application}/jobs?status=running"))
    # The page of jobs has the token without which nobody stops one.
    hidden = re.findall("<input[^>]*hidden[^>]*>", ask("/jobs/")) if running else []
    fields = {re.search('name=["\']([^"\']*)', field)[1]: re.search('value=["\']([^"\']*)', field)[1] for field in hidden}
    if fields:
        fields["id"] = running[0]["jobId"]
        urllib.request.urlopen(f"{ui}/jobs/job/kill/", urllib.parse.urlencode(fields).encode())
        break
    time.sleep(0.02)
PYTHON
}
nothing() { :; }

wrong=0
"$muster" --config sqlite.yaml run --as-of 2026-01-01 >/dev/null 2>&1
right=$(published sqlite.results.db)

cp shop.db fewer.db
sqlite() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' "$@"; }
sqlite fewer.db "delete from visits where id between 300001 and 400000"
configure fewer.yaml sqlite:fewer.db fewer.results.db
"$muster" --config fewer.yaml run --as-of 2026-01-01 >/dev/null 2>&1
fewer=$(published fewer.results.db)
echo "the same rows in a SQLite file: $right"
"$muster" --config spark.yaml run --as-of 2025-12-01 >out 2>&1 || { cat out; exit 1; }
during 0 "nothing happens" nothing
for after in 1 2 4 6; do during "$after" "kill -9 of an executor" kill_executor 1; done
for after in 1 3; do during "$after" "interrupt of the run" stop_run; done
for after in 1 2 3 4; do during "$after" "somebody cancels its job" cancel_job; done
for after in 1 3; do
    during "$after" "a file is deleted" delete_file
    [ -f deleted ] && mv deleted tables/visits/0003.parquet
done
during 0 "nothing happens" nothing
during 2 "kill -9 of a worker and its executor" kill_worker
during 0 "nothing happens, on one worker" nothing
during 2 "kill -9 of the server" kill_connect
during 0 "the server is gone" nothing
exit "$wrong"
