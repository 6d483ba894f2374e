"""Map seven million rows of a practice's own tables into staged rows, beside a plain read."""

import sys
from pathlib import Path

import duckdb

from bench.loading import KEPT, PROCEDURES, RUNS
from bench.measuring import (
    HERE,
    ROOT,
    SCRATCH,
    Measured,
    beside_floor,
    finished,
    median_of,
    remember,
    run_measured,
)
from bench.records import synthetic_folder, thinned_copy

MAPPING = """
mapping = 1
day_zero = "before"
missing = ["-9"]
[procedures]
source = "cases"
[procedures.columns]
procedure_id = "Case"
patient_id = "Person"
site_id = "Hospital"
surgeon_id = "Operator"
procedure_year = "Year"
technique = { column = "Kind", recode = { BKP = "kyphoplasty", VP = "vertebroplasty" } }
cause = { column = "Why", recode = { OP = "osteoporosis", Mets = "cancer", Fall = "trauma" } }
age_years = "Age"
sex = { column = "Sex", recode = { F = "female", M = "male" } }
fracture_age_days = "Fracture age"
observed_through_days = "Seen to"
last_contact_days = "Last contact"
death_days = "Died"
[assessments]
source = "scores"
[assessments.columns]
procedure_id = "Case"
instrument = { column = "Tool", recode = { NRS = "pain_nrs", ODI = "odi" } }
days = "Day"
score = "Value"
"""
"""Names and words as a practice writes them; what is no word of ours is recoded."""


def measure() -> None:
    """Measure a plain read of the practice's files, and the mapped and typed stage of them."""
    folder = practice_folder()
    floor = median_of([_run("plain_read.py", folder) for _ in range(RUNS)])
    mapped = median_of([_run("mapped_stage.py", folder) for _ in range(RUNS)])
    remember(
        "mapping",
        [
            beside_floor("plain read of the files (floor)", floor, floor),
            beside_floor("mapped, cast and numbered, aim 3", mapped, floor),
        ],
    )


def practice_folder() -> Path:
    """Return a folder with `cases.csv`, `scores.csv` and `mapping.toml`, made on first use."""
    folder = SCRATCH / "practice"
    if not (folder / "mapping.toml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        records = thinned_copy(synthetic_folder(PROCEDURES), KEPT)
        with duckdb.connect() as connection:
            connection.execute(_copy(records / "procedures.csv", folder / "cases.csv", _CASES))
            connection.execute(_copy(records / "assessments.csv", folder / "scores.csv", _SCORES))
        (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return folder


_CASES = """
    procedure_id as "Case", patient_id as "Person", site_id as "Hospital",
    surgeon_id as "Operator", procedure_year as "Year",
    case technique when 'kyphoplasty' then 'BKP' when 'vertebroplasty' then 'VP' else technique end
        as "Kind",
    case cause when 'osteoporosis' then 'OP' when 'cancer' then 'Mets' when 'trauma' then 'Fall'
        else cause end as "Why",
    age_years as "Age", case sex when 'female' then 'F' when 'male' then 'M' else sex end as "Sex",
    coalesce(fracture_age_days, '-9') as "Fracture age", observed_through_days as "Seen to",
    last_contact_days as "Last contact", death_days as "Died"
"""
_SCORES = """
    procedure_id as "Case",
    case instrument when 'pain_nrs' then 'NRS' when 'odi' then 'ODI' else instrument end as "Tool",
    days as "Day", score as "Value"
"""


def _copy(source: Path, target: Path, columns: str) -> str:
    return (
        f"copy (select {columns} from read_csv('{source}', all_varchar = true)) "
        f"to '{target}' (header, delimiter ',')"
    )


def _run(script: str, folder: Path) -> Measured:
    target = str(SCRATCH / "mapping.duckdb")
    command = [sys.executable, str(HERE / "peers" / script), str(folder), target]
    return finished(run_measured(command, PYTHONPATH=str(ROOT)))
