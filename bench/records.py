"""The records that loads are measured on: synthetic, thinned, and with one percent changed."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import duckdb

from bench.measuring import SCRATCH, vertebra

SEED = "7"
CHANGED_ROWS = 100


def synthetic_folder(procedures: int) -> Path:
    """Return a folder of synthetic records of that size, made on first use."""
    folder = SCRATCH / f"records-{procedures}"
    if not (folder / "complications.csv").exists():
        size = ["--procedures", str(procedures), "--seed", SEED]
        subprocess.run(vertebra("sample", *size, "--out", str(folder)), check=True)
    return folder


def thinned_copy(folder: Path, kept: Mapping[str, int]) -> Path:
    """Return a copy of a folder with so many records of some tables, spread evenly."""
    copy = folder.with_name(folder.name + "-thinned")
    if not (copy / "procedures.csv").exists():
        copy.mkdir(exist_ok=True)
        for path in sorted(folder.glob("*.csv")):
            if path.stem in kept:
                _thin(path, copy / path.name, kept[path.stem])
            else:
                shutil.copy(path, copy / path.name)
    return copy


def _thin(source: Path, target: Path, kept: int) -> None:
    with source.open("rb") as file:
        records = sum(1 for _ in file) - 1
    with source.open("rb") as file, target.open("wb") as thinned:
        thinned.write(next(file))
        for place, line in enumerate(file):
            if (place + 1) * kept // records > place * kept // records:
                thinned.write(line)


def changed_copy(folder: Path) -> Path:
    """Return a copy of a folder in which every hundredth score is another one."""
    copy = folder.with_name(folder.name + "-changed")
    if not (copy / "assessments.csv").exists():
        copy.mkdir(exist_ok=True)
        for path in folder.glob("*.csv"):
            if path.stem != "assessments":
                shutil.copy(path, copy / path.name)
        _change_scores(folder / "assessments.csv", copy / "assessments.csv")
    return copy


def _change_scores(source: Path, target: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select * exclude (score, record),
                    case when record % {CHANGED_ROWS} = 0 and score = '1' then '2'
                         when record % {CHANGED_ROWS} = 0 and instrument <> 'eq5d_index' then '1'
                         else score end as score
                from (
                    select *, row_number() over () as record
                    from read_csv('{source}', all_varchar = true, nullstr = '~')
                )
            ) to '{target}' (header, delimiter ',')
            """
        )
