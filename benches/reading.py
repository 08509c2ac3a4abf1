"""How long rows take to be read in the forms that people have, beside the same rows with ISO times.

    cargo build --release && python3 benches/reading.py target/release/muster [ROWS]

Makes one database for each form, of 1,000,000 visits (or ROWS) by a twentieth as many clients, and prints the seconds that a dry run evaluates,
the best of three in turns, and their ratio to ISO text: times with the day first, times in UTC, visits that lead to their client through a
table of bookings, one for each or one for three of them; and one rule more that compares rows with an average of the same client, a second level of aggregates. All of them have to
find the same members.
"""

import datetime
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import zoneinfo

program = str(pathlib.Path(sys.argv[1]).resolve())
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
clients = max(rows // 20, 1)
zone = zoneinfo.ZoneInfo("America/New_York")
begin = datetime.datetime(2025, 1, 1)

CONFIG = """\
database: sqlite:{form}.db
results: sqlite:results.db
timezone: America/New_York
subject: {{ name: client, table: clients, key: id }}
collections:
  visits: {{ table: visits, at: at, {visits} }}
"""
RULES = """\
metrics:
  usual: avg(visits.minutes)
segments:
  - { id: regulars, when: count(visits in last 90 days) >= 4 }
  - { id: lapsed, when: last(visits).at < 60 days ago }
"""
LONG = "  - { id: long, when: count(visits where minutes > 1.2 * usual) > 2 }\n"

BOOKED = "subject: booking.client_id, lookups: { booking: { table: bookings, key: id, by: booking_id } }"
# What config says of visits in each form.
FORMS = {
    "ISO text": "subject: client_id",
    "day first": 'subject: client_id, types: { at: { instant: "%d/%m/%Y %H:%M" } }',
    "UTC text": "subject: client_id, types: { at: utc }",
    "a lookup": BOOKED,
    "of three": BOOKED,
    "two levels": "subject: client_id",
}


def written(form, at):
    if form == "day first":
        return at.strftime("%d/%m/%Y %H:%M")
    if form == "UTC text":
        return at.replace(tzinfo=zone).astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
    return at.strftime("%Y-%m-%d %H:%M")


def visits(form):
    for i in range(rows):
        # At noon and later: an hour that a clock change repeats is two in UTC.
        at = begin + datetime.timedelta(days=i * 7919 % 365, hours=12 + i % 11, minutes=i * 13 % 60)
        # Three visits of a client's twenty share a booking.
        booking = i % clients * 8 + i // clients // 3 if form == "of three" else i
        yield i + 1, i * 31 % clients + 1, booking + 1, written(form, at), 30 + i * 17 % 61


def write(path, form):
    database = sqlite3.connect(path)
    database.execute("create table clients (id integer primary key)")
    database.execute(
        "create table visits (id integer primary key, client_id int, booking_id int, at datetime, minutes int)"
    )
    database.executemany("insert into clients values (?)", ((i + 1,) for i in range(clients)))
    database.executemany("insert into visits values (?, ?, ?, ?, ?)", visits(form))
    if FORMS[form] is BOOKED:
        database.execute("create table bookings (id integer primary key, client_id int)")
        database.execute("insert into bookings select distinct booking_id, client_id from visits")
    database.commit()
    database.close()


def evaluated(folder, form):
    """The seconds of a dry run, and the segments with their sizes."""
    name = form.replace(" ", "-")
    (folder / "config.yaml").write_text(CONFIG.format(form=name, visits=FORMS[form]))
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "all.yaml").write_text(RULES + (LONG if form == "two levels" else ""))
    run = [program, "run", "--dry-run", "--as-of", "2026-01-01", "--format", "csv"]
    said = subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True)
    seconds = re.search(r"evaluated as of .* in ([\d.]+) s", said.stderr)
    sizes = [line for line in said.stdout.splitlines() if re.search("regulars|lapsed", line)]
    return float(seconds[1]), sizes


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    for form in FORMS:
        write(folder / f"{form.replace(' ', '-')}.db", form)
    best = dict.fromkeys(FORMS, float("inf"))
    found = {}
    for _ in range(3):
        for form in FORMS:
            seconds, found[form] = evaluated(folder, form)
            best[form] = min(best[form], seconds)
for form, sizes in found.items():
    assert len(sizes) == 2 and sizes == found["ISO text"], f"{form}: {sizes}, not {found['ISO text']}"
for form, seconds in best.items():
    print(f"{form:<12}{seconds:7.3f} s  {seconds / max(best['ISO text'], 0.01):.2f} x")
