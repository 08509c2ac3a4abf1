"""Writes a Parquet table of one row of values, one without any, and a column for each type: every_type.py FOLDER."""

import datetime
import decimal
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet

UTC = datetime.timezone.utc
COLUMNS = {
    "yes": (True, pyarrow.bool_()),
    "tiny": (-128, pyarrow.int8()),
    "small": (-32768, pyarrow.int16()),
    "whole": (7, pyarrow.int32()),
    "long": (9223372036854775807, pyarrow.int64()),
    "short": (0.1, pyarrow.float32()),
    "real": (0.1, pyarrow.float64()),
    "not_a_number": (float("nan"), pyarrow.float64()),
    "endless": (float("inf"), pyarrow.float64()),
    "price": (decimal.Decimal("-0.50"), pyarrow.decimal128(12, 2)),
    "even": (decimal.Decimal("3.00"), pyarrow.decimal128(12, 2)),
    "exact": (decimal.Decimal("-12345678901234567.0009"), pyarrow.decimal128(38, 4)),
    "text": ("Ä`'\\%", pyarrow.string()),
    "blank": ("", pyarrow.string()),
    "day": (datetime.date(1, 1, 1), pyarrow.date32()),
    "clock": (datetime.datetime(2025, 3, 30, 2, 30, 0, 5), pyarrow.timestamp("us")),
    "instant": (datetime.datetime(2025, 3, 30, 2, 30, tzinfo=UTC), pyarrow.timestamp("us", tz="UTC")),
    "bytes": (b"\x00\xff", pyarrow.binary()),
    "list": ([1, 2], pyarrow.list_(pyarrow.int64())),
    "pair": ({"a": 1}, pyarrow.struct([("a", pyarrow.int64())])),
}

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
arrays = {name: pyarrow.array([value, None], ty) for name, (value, ty) in COLUMNS.items()}
pyarrow.parquet.write_table(pyarrow.table(arrays), folder / "all.parquet")
