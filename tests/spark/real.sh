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
c.executemany("insert into clients values (?, ?)", ((i, r.choice(["Ulm", "Bonn", None])) for i in range(1, 4_001)))
c.executemany("insert into visits values (?, ?, ?, ?)", (
    (i, r.randrange(1, 4_001), f"202{r.randrange(3, 6)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02} {r.randrange(24):02}:00:00", r.randrange(10_000) / 100)
    for i in range(1, 160_001)))
c.commit()
PYTHON
"$cluster/venv/bin/python" "$root/tests/spark/parquet.py" shop.db tables 20000 typed
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
    rm -f "$work/done"
    "$@" >"$work/errors" 2>&1 || true
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
    printf '%s after %s s: %s: %s%s\n' "$what" "$after" "$verdict" "$ended" "$([ -s "$work/done" ] && echo " [$(tr '\n' ' ' <"$work/done")]")"
    [ ! -s "$work/errors" ] || sed 's/^/    /' "$work/errors"
    [ "$verdict" != WRONG ] || wrong=1
    ! grep -qs FAILED "$work/done" || cancelled=1
}

executor_of() { pgrep -P "$(cat "$cluster/worker-$1.pid")" -f CoarseGrainedExecutorBackend; }
kill_executor() { executor_of "$1" >"$work/done" && kill -9 "$(head -n 1 "$work/done")"; }
kill_worker() { executor_of 2 >"$work/done" && kill -9 "$(cat "$cluster/worker-2.pid")" "$(head -n 1 "$work/done")"; }
kill_connect() { kill -9 "$(cat "$cluster/connect.pid")"; }
delete_file() { mv tables/visits/0003.parquet deleted; }
stop_run() { kill -TERM "$run"; }
# Ends a job of the run, as somebody does on the server's page. A job that was over first tells nothing: then the next one.
cancel_job() {
    python3 - "$(cat "$cluster/ui")" "$work/done" <<'PYTHON'
import json, re, sys, time, urllib.parse, urllib.request
ui, done = sys.argv[1:]
def ask(path, fields=None):
    data = fields and urllib.parse.urlencode(fields).encode()
    return urllib.request.urlopen(f"{ui}{path}", data, timeout=30).read().decode()
def jobs(path):
    return json.loads(ask(f"/api/v1/applications/{application}/jobs{path}"))
def attributes(tag):
    return dict(re.findall(r"""(\w+)=["']([^"']*)["']""", tag))
application = json.loads(ask("/api/v1/applications"))[0]["id"]
token, deadline = None, time.monotonic() + 60
while time.monotonic() < deadline:
    running = jobs("?status=running")
    if running and token is None:
        # Nobody ends a job without the token that the page of running jobs has.
        inputs = map(attributes, re.findall("<input[^>]*>", ask("/jobs/")))
        token = next((one["value"] for one in inputs if one.get("name") == "csrfToken"), None)
    if not running or token is None:
        time.sleep(0.02)
        continue
    number = running[0]["jobId"]
    ask("/jobs/job/kill/", {"id": number, "csrfToken": token})
    while (ended := jobs(f"/{number}")["status"]) == "RUNNING":
        time.sleep(0.05)
    if ended == "FAILED":
        open(done, "w").write(f"job {number}: {ended}")
        break
PYTHON
}
nothing() { :; }

wrong=0 cancelled=0
"$muster" --config sqlite.yaml run --as-of 2026-01-01 >/dev/null 2>&1
right=$(published sqlite.results.db)

cp shop.db fewer.db
sqlite() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' "$@"; }
sqlite fewer.db "delete from visits where id between 60001 and 80000"
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
[ "$cancelled" = 1 ] || { echo "no job was cancelled in time"; wrong=1; }
exit "$wrong"
