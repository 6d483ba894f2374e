"""Read one row of a result's measures."""

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.results import Result


@pytest.fixture
def measure_of() -> Callable[..., pd.Series]:
    """Return a function that finds the one row of a measure: `measure_of(result, id, at=30)`.

    Cause and technique are empty unless named.
    """

    def find(result: Result, name: str, **cells: object) -> pd.Series:
        rows = result.measures[result.measures["measure"] == name]
        for column, value in ({"cause": "", "technique": ""} | cells).items():
            rows = rows[rows[column] == value]
        assert len(rows) == 1, f"{len(rows)} rows of {name} with {cells}"
        return rows.iloc[0]

    return find
