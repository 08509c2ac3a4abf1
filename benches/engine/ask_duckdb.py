"""DuckDB over the bench's tables: reading them from CSV, the fourteen segments as SQL, and drafts.

Prints `name figure` lines: median wall and processor seconds of each, the members of each segment, and the peak
of memory. Tables are in memory; the members of a query are put into a temporary table.
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

import duckdb

ROUNDS = 3


def measure(name, works):
    walls, processors = [], []
    for work in works:
        wall, processor = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    print(name, statistics.median_low(walls))
    print(f"{name}_processor", statistics.median_low(processors))
    return result


def main(folder):
    statements = json.loads(Path(folder, "statements.json").read_text())

    def read():
        connection = duckdb.connect()
        for statement in statements["import"]:
            connection.execute(statement)
        return connection

    connection = measure("import", [read] * ROUNDS)

    def ask(queries):
        for name, query in queries:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE members_{name} AS {query}")

    measure("sql", [lambda: ask(statements["segments"])] * ROUNDS)
    measure("question", [lambda draft=draft: ask([draft]) for draft in statements["drafts"]])
    for name, _ in statements["segments"] + statements["drafts"]:
        count = connection.execute(f"SELECT count(*) FROM members_{name}").fetchone()[0]
        print(name, count)
    print("peak_memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


main(sys.argv[1])
