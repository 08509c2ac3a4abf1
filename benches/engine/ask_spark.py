"""A Spark server over the bench's tables: ask_spark.py FOLDER sc://HOST:PORT [--write | PROCESS].

Writes the tables as Parquet files from the CSV files of `duckdb`, unless they are there; with `--write` nothing more. Then it asks for the
fourteen segments as SQL and prints `name figure` lines: median wall seconds, median processor seconds of the server where its
process is given, and the members of each segment.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet

ROUNDS = 3
ROWS_OF_A_FILE = 1_000_000
TYPES = {
    "BIGINT": pyarrow.int64(),
    "VARCHAR": pyarrow.string(),
    "TIMESTAMP": pyarrow.timestamp("us"),
    "BOOLEAN": pyarrow.bool_(),
    "DOUBLE": pyarrow.decimal128(12, 2),
}


def write(file, types, into):
    """A table in files of a million rows, streamed."""
    into.mkdir(parents=True)
    convert = pyarrow.csv.ConvertOptions(
        column_types=types, true_values=["1"], false_values=["0"], strings_can_be_null=True
    )
    schema = pyarrow.schema(list(types.items()))
    number, batches, rows = 0, [], 0

    def put():
        nonlocal number, batches, rows
        pyarrow.parquet.write_table(pyarrow.Table.from_batches(batches, schema), into / f"{number:04}.parquet")
        number, batches, rows = number + 1, [], 0

    for batch in pyarrow.csv.open_csv(file, convert_options=convert):
        batches.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_OF_A_FILE:
            put()
    if batches:
        put()


def write_all(folder, tables):
    parquet = folder / "parquet"
    if parquet.exists():
        return
    # Under its name only once it is complete.
    unfinished = folder / "parquet.unfinished"
    for table, columns in tables:
        types = {name: TYPES[ty] for name, ty in columns}
        write(folder / "duckdb" / f"{table}.csv", types, unfinished / table)
    unfinished.rename(parquet)


def processor_of(process):
    """Processor seconds of a process, all threads, to a hundredth; NaN where it is not known."""
    if process is None:
        return float("nan")
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main(folder, address, more=None):
    folder = Path(folder)
    statements = json.loads((folder / "spark.json").read_text())
    write_all(folder, statements["tables"])
    if more == "--write":
        return
    from pyspark.sql.connect.session import SparkSession

    spark = SparkSession.builder.remote(address).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    for table, _ in statements["tables"]:
        spark.read.parquet(str(folder / "parquet" / table)).createOrReplaceTempView(table)

    def ask():
        began, before = time.perf_counter(), processor_of(more)
        counts = {
            segment: spark.sql(f"SELECT count(*) FROM ({query})").collect()[0][0]
            for segment, query in statements["segments"]
        }
        return time.perf_counter() - began, processor_of(more) - before, counts

    # A server is slower the first time.
    counts = ask()[-1]
    rounds = [ask() for _ in range(ROUNDS)]
    print("sql", statistics.median_low([wall for wall, _, _ in rounds]))
    print("sql_processor", statistics.median_low([processor for _, processor, _ in rounds]))
    for segment, count in counts.items():
        print(segment, count)


main(*sys.argv[1:])
