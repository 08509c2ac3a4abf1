"""Writes tables whose columns differ in capitals alone, as Parquet files: capitals.py FOLDER."""

import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet


def write(name, columns):
    folder = Path(sys.argv[1]) / name
    folder.mkdir(parents=True, exist_ok=True)
    names, arrays = zip(*columns)
    arrays = [pyarrow.array(cells) for cells in arrays]
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, names=list(names)), folder / "all.parquet")


people = range(1, 31)
write(
    "people",
    [
        ("id", list(people)),
        ("Status", ["legacy" for _ in people]),
        ("status", ["active" if person <= 10 else "gone" for person in people]),
        ("One", [1 for _ in people]),
    ],
)
visits = range(1, 61)
write(
    "visits",
    [
        ("id", list(visits)),
        ("person", [visit % 30 + 1 for visit in visits]),
        ("Kind", ["A" for _ in visits]),
        ("kind", ["b" for _ in visits]),
    ],
)
write("plain", [("id", list(range(1, 21))), ("Name", ["x" for _ in range(20)])])
write("other", [("id", list(range(1, 41))), ("Name", ["x" for _ in range(40)])])
