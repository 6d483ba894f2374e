"""The floor of a load: read the same files into tables, and check nothing."""

import sys
from pathlib import Path

import duckdb

folder, target = Path(sys.argv[1]), sys.argv[2]
Path(target).unlink(missing_ok=True)
with duckdb.connect(target) as connection:
    for path in sorted(folder.glob("*.csv")):
        connection.execute(f"create table {path.stem} as from read_csv('{path}')")
