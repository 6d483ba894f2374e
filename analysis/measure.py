"""Read counts from the published snapshot: the only reader of the warehouse in this room."""

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort import Cohort
from warehouse.connection import Connection, fetch
from warehouse.snapshot import open_snapshot, read_pointer
from warehouse.sql_files import read_sql


class CountReader:
    """Runs the queries of one cohort; what was counted once is remembered.

    Parameters
    ----------
    cohort : Cohort
    warehouse : Path
        The pointer file; each `count` opens the published snapshot, fetches and closes it.
    connection : Connection, optional
        A connection to count on instead, already open; it stays open. Threads may count on one
        reader: each count has a cursor of its own.
    """

    def __init__(
        self,
        cohort: Cohort,
        *,
        warehouse: Path | None = None,
        connection: Connection | None = None,
    ) -> None:
        if (warehouse is None) == (connection is None):
            raise ValueError("give either a warehouse or a connection")
        self.cohort = cohort
        self._warehouse = warehouse
        self._connection = connection
        self._counted: dict[str, pd.DataFrame] = {}

    def count(self, query: str, **parameters: Any) -> pd.DataFrame:
        """Return the rows of `sql/queries/<query>.sql` for the cohort.

        Every query takes $cohort; `parameters` are the others it names. ENUM columns come back as
        plain text, so that frames join and sort as words.
        """
        asked = repr((query, sorted(parameters.items())))
        if asked not in self._counted:
            values = {"cohort": self.cohort.as_parameter(), **parameters}
            self._counted[asked] = _plain(self._fetch(read_sql(f"queries/{query}"), values))
        # Shallow: a column that is written to is copied first, so the remembered one stays.
        return self._counted[asked].copy(deep=False)

    def _fetch(self, text: str, values: dict[str, Any]) -> pd.DataFrame:
        if self._connection is not None:
            return fetch(self._connection.cursor(), text, values)
        assert self._warehouse is not None
        with open_snapshot(self._warehouse) as snapshot:
            return fetch(snapshot.connection, text, values)


def current_snapshot_id(warehouse: Path) -> str:
    """Return the id of the published snapshot, without opening it."""
    return read_pointer(warehouse).snapshot_id


def _plain(counts: pd.DataFrame) -> pd.DataFrame:
    for name in counts.columns:
        if isinstance(counts[name].dtype, pd.CategoricalDtype):
            counts[name] = counts[name].astype(object)
    return counts
