"""A peer's load: pandas reads the files, pandera holds them to the same declared columns.

It does what is declared of single columns (type, words, limits, required, unique keys), which is
less than a load does: no rules across columns or tables, no quarantine, no marts.
"""

import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from warehouse.source_schema import TABLES


def checks_of(column):
    """Return the peer's checks of one declared column."""
    checks = [pa.Check.isin(column.words)] if column.words else []
    low, high = column.hard
    checks += [pa.Check.ge(low)] if low is not None else []
    checks += [pa.Check.le(high)] if high is not None else []
    return checks


def schema_of(table):
    """Return the peer's schema of one declared table."""
    types = {"identifier": str, "word": str, "whole": "Int64", "decimal": float}
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                types[column.kind], checks_of(column), nullable=not column.required, coerce=True
            )
            for column in table.columns
        },
        unique=list(table.key),
    )


folder = Path(sys.argv[1])
for table in TABLES:
    records = pd.read_csv(folder / f"{table.name}.csv", low_memory=False)
    try:
        schema_of(table).validate(records, lazy=True)
    except pa.errors.SchemaErrors as refused:
        print(table.name, len(refused.failure_cases))
