"""Hand-made results: a relief incidence and a complication table with small counts in them."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analysis.cohort import Cohort
from analysis.disclosure import AUDIENCES
from analysis.results import (
    AT_RISK_COLUMNS,
    CURVE_COLUMNS,
    Explanation,
    IncidenceResult,
    IntervalsResult,
    measures_table,
)
from etl.build import build_marts, create_tables, create_types
from reports.pack import write_pack
from warehouse.connection import open_for_building
from warehouse.snapshot import Pointer, snapshot_folder, write_pointer
from warehouse.source_schema import SCHEMA_VERSION

RELIEF_TOTALS = {
    ("osteoporosis", "kyphoplasty"): (612, 0.62),
    ("osteoporosis", "vertebroplasty"): (588, 0.57),
    ("cancer", "kyphoplasty"): (143, 0.51),
    ("cancer", "vertebroplasty"): (121, 0.55),
    ("trauma", "kyphoplasty"): (64, 0.66),
    ("trauma", "vertebroplasty"): (13, 0.54),
}
COMPLICATIONS = {"bleeding": 7, "infection": 23, "nerve_injury": 0, "rib_fracture": 31}
DAYS = ("2", "14", "60", "135")
CLOCK_TIME = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
EXPLANATION = Explanation(
    definition="Score at or below the baseline less the larger of 2 and 0.3 of it.",
    version="E1 v1",
    denominator="Index procedures with a baseline pain score of 4 or more.",
    method="Aalen-Johansen, log-log interval.",
    source="assessments",
    waterfall=(("Recorded", 1700), ("Eligible", 1541)),
)


@dataclass(frozen=True)
class HandMadeOutcome:
    id: str
    title: str
    result: object

    def compute(self, reader):
        return self.result


def relief_rows():
    rows = []
    for cause in ("osteoporosis", "cancer", "trauma", ""):
        for technique in ("", "kyphoplasty", "vertebroplasty"):
            strata = [
                cell
                for (of_cause, of_technique), cell in RELIEF_TOTALS.items()
                if cause in ("", of_cause) and technique in ("", of_technique)
            ]
            if cause == "" and technique:
                continue
            for place, day in enumerate(DAYS):
                reached = [(round(N * share * (0.4 + 0.2 * place)), N) for N, share in strata]
                n, N = (sum(counts) for counts in zip(*reached, strict=True))
                share = n / N
                rows.append(
                    {
                        "measure": "relief_incidence",
                        "version": "E1 v1",
                        "unit": "proportion",
                        "cause": cause,
                        "technique": technique,
                        "at": day,
                        "n": n,
                        "N": N,
                        "value": share,
                        "lower": max(share - 0.05, 0),
                        "upper": min(share + 0.05, 1),
                        "conf_level": 0.95,
                        "method": "Aalen-Johansen, log-log interval",
                        "lost_before": 20 + place,
                        "excluded": '{"no baseline": 41, "below 4": 6}',
                    }
                )
    return rows


def relief_result():
    measures = measures_table(relief_rows())
    stepped = measures[measures["technique"] != ""]
    curves = stepped.rename(columns={"value": "incidence"}).assign(day=stepped["at"].astype(float))
    at_risk = curves.assign(
        at_risk=curves["N"] - curves["n"], events=curves["n"], competing=0, censored=0
    )
    return IncidenceResult(
        outcome="time_to_relief",
        title="By day 14, 37 % of 1,541 procedures had relief seen (34 to 40 %)",
        subtitle="First relief seen, by day, technique and cause",
        summary="The share with relief seen rises from day 2 to day 135 in every stratum.",
        measures=measures,
        explanation=EXPLANATION,
        footnotes=("At 2 h anaesthetic and sedation speak too.",),
        event_name="relief seen",
        competing_name="died or treated again first",
        curves=curves[list(CURVE_COLUMNS)].reset_index(drop=True),
        at_risk=at_risk[list(AT_RISK_COLUMNS)].reset_index(drop=True),
        horizon_days=135.0,
    )


def complications_result():
    rows = [
        {
            "measure": f"complication_{name}",
            "version": "E4 v1",
            "unit": "proportion",
            "cause": "",
            "technique": "",
            "at": "365",
            "n": n,
            "N": 1402,
            "value": n / 1402,
            "lower": 0.0,
            "upper": n / 1402 + 0.004,
            "method": "=HYPERLINK(1)",
        }
        for name, n in COMPLICATIONS.items()
    ]
    return IntervalsResult(
        outcome="complications",
        title="Bleeding was recorded in 7 of 1,402",
        subtitle="By type, a year",
        summary="7 of 1,402 had bleeding.",
        measures=measures_table(rows),
        explanation=EXPLANATION,
    )


@pytest.fixture(scope="module")
def outcomes():
    """Return a catalogue of two hand-made outcomes."""
    return (
        HandMadeOutcome("time_to_relief", "Time to pain relief", relief_result()),
        HandMadeOutcome("complications", "Complications", complications_result()),
    )


@pytest.fixture(scope="module")
def clock():
    """Return a clock that stands still."""
    return lambda: CLOCK_TIME


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """Return the pointer of a warehouse with four procedures by four surgeons."""
    folder = tmp_path_factory.mktemp("practice")
    return build_warehouse(folder / "practice.warehouse", surgeons=("S1", "S2", "S3", "S4"))


@pytest.fixture(scope="module")
def small_warehouse(tmp_path_factory) -> Path:
    """Return the pointer of a warehouse whose procedures are all by two surgeons."""
    folder = tmp_path_factory.mktemp("small")
    return build_warehouse(folder / "small.warehouse", surgeons=("S1", "S2", "S2", "S1"))


@pytest.fixture(scope="module")
def packs(warehouse, outcomes, clock, tmp_path_factory) -> dict[str, Path]:
    """Return audience -> folder of a pack in every format."""
    folders = {audience: tmp_path_factory.mktemp(audience) for audience in AUDIENCES}
    for audience, folder in folders.items():
        write_pack(warehouse, Cohort(), ("all",), audience, folder, clock=clock, outcomes=outcomes)
    return folders


def build_warehouse(warehouse: Path, *, surgeons) -> Path:
    checksum = hashlib.sha256(repr(surgeons).encode()).hexdigest()
    pointer = Pointer(file_name=f"{checksum[:12]}.duckdb", checksum=checksum)
    snapshot_folder(warehouse).mkdir(parents=True)
    path = snapshot_folder(warehouse) / pointer.file_name
    with open_for_building(path) as connection:
        create_types(connection)
        create_tables(connection)
        for key, surgeon in enumerate(surgeons, start=1):
            connection.execute(
                "insert into procedures (procedure_key, patient_key, procedure_id, patient_id, "
                "site_id, surgeon_id, procedure_year, technique, cause) values "
                f"({key}, {key}, 'C{key}', 'P{key}', 'A', '{surgeon}', {2020 + key}, "
                "'kyphoplasty', 'osteoporosis')"
            )
        build_marts(connection)
        connection.execute(
            f"create table snapshot_facts as select {SCHEMA_VERSION} as schema_version"
        )
    write_pointer(warehouse, pointer)
    return warehouse


@pytest.fixture
def measures_of_pack():
    """Return a function that reads measures.csv as it would be read elsewhere."""
    return lambda folder: pd.read_csv(folder / "measures.csv", encoding="utf-8-sig")
