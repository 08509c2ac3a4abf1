"""Writes each table of a SQLite file as a folder of Parquet files: parquet.py FILE FOLDER ROWS_PER_FILE [typed]. Without arguments it
does so for each line of its input that has them, divided by tabs, and answers each with a line.

Columns have the types that the same columns have on a PostgreSQL server in `tests/support/postgres.rs`: instants where all times tell
an offset, decimals as they are declared, and whole numbers have eight bytes unless they are declared as smaller ones. With `typed`, columns of texts that are all dates or times are columns of those; what
is called `…_at` holds times.
"""

import datetime
import decimal
import re
import sqlite3
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet

DAY = re.compile(r"\d{4}-\d\d-\d\d$")
CLOCK = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$")
NARROW = {"TINYINT": pyarrow.int8(), "SMALLINT": pyarrow.int16(), "MEDIUMINT": pyarrow.int32()}
OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$")


def instant(text):
    return datetime.datetime.fromisoformat(text)


def clock(text):
    return datetime.datetime.fromisoformat(text)


def day(text):
    return datetime.date.fromisoformat(text[:10])


def kind(name, declared, cells, typed):
    """The Arrow type of a column, and what turns a cell into it."""
    upper = declared.upper()
    has = lambda *words: any(word in upper for word in words)
    texts = [cell for cell in cells if isinstance(cell, str)]
    if has("BOOL"):
        return pyarrow.bool_(), bool
    if has("DATETIME", "TIMESTAMP") and texts and all(OFFSET.search(text) for text in texts):
        return pyarrow.timestamp("us", tz="UTC"), instant
    if has("DATETIME", "TIMESTAMP"):
        return pyarrow.timestamp("us"), clock
    if has("DATE"):
        return pyarrow.date32(), day
    places = re.search(r"\((\d+)\s*,\s*(\d+)\)", upper)
    if has("DECIMAL", "NUMERIC") and places:
        digits, behind = int(places[1]), int(places[2])
        step = decimal.Decimal(1).scaleb(-behind)
        return pyarrow.decimal128(digits, behind), lambda cell: decimal.Decimal(str(cell)).quantize(step)
    for word, ty in NARROW.items():
        if has(word):
            return ty, int
    if has("INT"):
        return pyarrow.int64(), int
    if has("REAL", "FLOA", "DOUB", "DECIMAL", "NUMERIC"):
        return pyarrow.float64(), float
    if texts and all(OFFSET.search(text) and len(text) >= 20 for text in texts):
        return pyarrow.timestamp("us", tz="UTC"), instant
    if typed and texts and all(DAY.match(text) for text in texts):
        return (pyarrow.timestamp("us"), clock) if name.endswith("_at") else (pyarrow.date32(), day)
    if typed and texts and all(CLOCK.match(text) for text in texts):
        return pyarrow.timestamp("us"), clock
    return pyarrow.string(), str


def write(connection, table, folder, at_once, typed):
    quoted = '"' + table.replace('"', '""') + '"'
    columns = connection.execute("select name, type from pragma_table_info(?)", (table,)).fetchall()
    rows = connection.execute(f"select * from {quoted}").fetchall()
    arrays = {}
    for place, (name, declared) in enumerate(columns):
        cells = [row[place] for row in rows]
        ty, read = kind(name, declared, cells, typed)
        arrays[name] = pyarrow.array([None if cell is None else read(cell) for cell in cells], ty)
    whole = pyarrow.table(arrays)
    into = folder / table
    into.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, max(len(rows), 1), at_once)):
        pyarrow.parquet.write_table(whole.slice(start, at_once), into / f"{number:04}.parquet")


def main(file, folder, at_once, typed=""):
    connection = sqlite3.connect(file)
    tables = connection.execute(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        " and name not like 'muster_%' and name not like '\\_sqlx%' escape '\\'"
    )
    for (table,) in tables.fetchall():
        write(connection, table, Path(folder), int(at_once), typed == "typed")


if sys.argv[1:]:
    main(*sys.argv[1:])
else:
    for line in sys.stdin:
        main(*line.rstrip("\n").split("\t"))
        print("written", flush=True)
