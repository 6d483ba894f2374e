"""Canonical tables of text to CSV: UTF-8, commas, line feeds, a header."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from pyarrow import csv

from etl.synthesis.block import Tables
from warehouse.source_schema import TABLES

_OPTIONS = csv.WriteOptions(include_header=False, quoting_style="none", eol="\n")


def write_tables(parts: Iterable[Tables], folder: Path) -> None:
    """Write one file per canonical table, part after part."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        streams = {
            table.name: files.enter_context((folder / f"{table.name}.csv").open("wb"))
            for table in TABLES
        }
        for table in TABLES:
            streams[table.name].write((",".join(table.column_names) + "\n").encode("utf-8"))
        for part in parts:
            for name, table in part.items():
                csv.write_csv(table, streams[name], _OPTIONS)
