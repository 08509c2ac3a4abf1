"""A folder of CSV files to segments, beside the sqlite3 shell's .import of the same files.

    cargo build --release && python3 benches/import.py target/release/muster [ROWS]

Makes three files of 1,000,000 rows (or ROWS) in a folder of its own, clients, orders and visits, and prints the seconds of each step, the
best of three, and their ratio: `init` with a first run, and `import` with a run once there is a config. The shell only copies texts; `init`
finds encodings, types, keys and tables as well.
"""

import csv
import pathlib
import subprocess
import sys
import tempfile
import time

program = str(pathlib.Path(sys.argv[1]).resolve())
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
clients = max(rows // 20, 1)
visits = rows // 2 - clients
orders = rows - clients - visits


def write(folder):
    with open(folder / "clients.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "first_name", "last_name", "email", "city"])
        for i in range(1, clients + 1):
            table.writerow([i, f"First{i}", f"Last{i}", f"c{i}@example.com", ["Ulm", "Bonn", "Köln"][i % 3]])
    with open(folder / "orders.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "client_id", "created_at", "total", "status"])
        for i in range(1, orders + 1):
            day = f"2025-{i % 12 + 1:02}-{i % 28 + 1:02} {i % 24:02}:00"
            status = "cancelled" if i % 40 == 0 else "paid"
            table.writerow([i, i * 7 % clients + 1, day, f"{i % 300}.{i % 100:02}", status])
    with open(folder / "visits.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "client_id", "visited_at", "room"])
        for i in range(1, visits + 1):
            day = f"2025-{i % 12 + 1:02}-{i % 27 + 1:02} {i % 23:02}:30"
            table.writerow([i, i * 11 % clients + 1, day, ["East", "West"][i % 2]])


def timed(*command, folder):
    begin = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begin


def once(data):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shell = timed(
            "sqlite3", "shell.db", ".mode csv",
            *(f".import {data / file}.csv {file}" for file in ["clients", "orders", "visits"]), folder=folder,
        )
        init = timed(program, "init", str(data), folder=folder)
        run = timed(program, "run", "--as-of", "2026-01-10", folder=folder)
        (folder / "results.db").unlink()
        again = timed(program, "import", folder=folder)
        first = timed(program, "run", "--as-of", "2026-01-10", folder=folder)
    return shell, init, run, again, first


with tempfile.TemporaryDirectory() as name:
    data = pathlib.Path(name) / "exports"
    data.mkdir()
    write(data)
    tries = [once(data) for _ in range(3)]
shell, init, run, again, first = (min(step) for step in zip(*tries))
print(f"sqlite3 .import   {shell:7.3f} s")
print(f"muster init       {init:7.3f} s  {init / shell:.2f} x")
print(f"and muster run    {run:7.3f} s  {(init + run) / shell:.2f} x")
print(f"muster import     {again:7.3f} s  {again / shell:.2f} x")
print(f"and muster run    {first:7.3f} s  {(again + first) / shell:.2f} x")
