"""Time to relief at ten thousand and at one million procedures, beside a scan and a peer."""

import subprocess
from pathlib import Path

import pandas as pd

from analysis.cohort import Cohort
from analysis.estimators.competing import aalen_johansen, area_under_incidence
from analysis.estimators.log_rank import log_rank
from analysis.estimators.restricted_mean import restricted_mean
from analysis.estimators.survival import kaplan_meier
from analysis.measure import CountReader
from analysis.outcomes.interval_bounds import intervals_by_stratum
from analysis.outcomes.time_to_relief import time_to_relief
from bench.measuring import (
    HERE,
    SCRATCH,
    median_seconds,
    peer_python,
    remember,
    vertebra,
)
from bench.records import synthetic_folder
from warehouse.connection import Connection
from warehouse.snapshot import open_snapshot

SIZES = (10_000, 1_000_000)
HORIZON, TAU = 135.0, 60.0
ROWS = """
    select cause, technique, end_kind as kind, end_days as day
    from relief join procedure_timeline using (procedure_key)
    where definition = 'e1'
"""


def measure() -> None:
    """Measure the scan, the bundle, the interval-censored estimate, the page and the peer."""
    remember("relief", [row for size in SIZES for row in _measure_size(size)])


def _measure_size(size: int) -> list[dict[str, object]]:
    warehouse = _loaded(size)
    with open_snapshot(warehouse) as snapshot:
        connection = snapshot.connection
        reader = CountReader(Cohort(), connection=connection)
        floor = median_seconds(lambda: connection.execute(ROWS).fetchnumpy())
        measured = {
            "scan of the columns (floor)": floor,
            "curves: KM, Aalen-Johansen, log-rank, RMST; aim 3": median_seconds(
                lambda: _curves(reader)
            ),
            "interval-censored, death competing; all strata": median_seconds(
                lambda: _npmle(reader)
            ),
            "the whole result of the page": median_seconds(
                lambda: time_to_relief(reader), repeats=3
            ),
            "lifelines, the same four curves' rows": _peer(connection, size),
        }
    return [
        {
            "procedures": f"{size:,}",
            "what": what,
            "milliseconds": round(seconds * 1000, 1),
            "times the floor": round(seconds / floor, 1),
        }
        for what, seconds in measured.items()
    ]


def _loaded(size: int) -> Path:
    warehouse = SCRATCH / f"relief-{size}" / "bench.warehouse"
    if not warehouse.exists():
        warehouse.parent.mkdir(parents=True, exist_ok=True)
        source = str(synthetic_folder(size))
        subprocess.run(vertebra("load", source, "--warehouse", str(warehouse)), check=True)
    return warehouse


def _arms(counts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    compared = counts[counts["technique"].isin(["kyphoplasty", "vertebroplasty"])]
    return {str(cause): arms for cause, arms in compared.groupby("cause")}


def _curves(reader: CountReader) -> None:
    counts = reader.count("wait_counts", definition="e1", horizon=HORIZON)
    for arms in _arms(counts).values():
        for _, arm in arms.groupby("technique"):
            day, kind, n = (arm[name].to_numpy() for name in ("day", "kind", "procedures"))
            kaplan_meier(day, kind == 1, counts=n)
            aalen_johansen(day, kind, counts=n)
            area_under_incidence(day, kind, TAU, counts=n)
            restricted_mean(day, kind == 1, TAU, counts=n)
        log_rank(
            arms["day"], arms["kind"] == 1, arms["technique"], counts=arms["procedures"].to_numpy()
        )


def _npmle(reader: CountReader) -> None:
    intervals_by_stratum(reader.count("wait_intervals", definition="e1"))


def _peer(connection: Connection, size: int) -> float:
    rows = connection.execute(ROWS).df()
    path = SCRATCH / f"relief-rows-{size}.csv"
    rows.to_csv(path, index=False)
    script = str(HERE / "peers" / "lifelines_relief.py")
    done = subprocess.run(
        [peer_python(), script, str(path)], check=True, capture_output=True, encoding="utf-8"
    )
    return float(done.stdout.splitlines()[-1])
