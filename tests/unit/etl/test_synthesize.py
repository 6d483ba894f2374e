"""The synthetic sample: its contract, its reproducibility and its bad rows."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.synthesis import block
from etl.synthesis.faults import FAULTS
from etl.synthesize import (
    synthesize,
    synthesize_second_load,
    write_sample,
)
from warehouse.source_schema import TABLES

SHIPPED = Path(__file__).parents[3] / "data" / "sample"
IDENTIFYING = re.compile(
    r"\d{3}-\d{2}-\d{4}"  # social security number
    r"|\d{3}[-. ]\d{3}[-. ]\d{4}|\d{10}"  # telephone
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}"  # date
    r"|@|(?i:mrn)"
    r"|^\d{5}$"  # postal code
)


def frames_of(records) -> dict[str, pd.DataFrame]:
    """Return the tables as frames of text, missing cells as None."""
    return {name: table.to_pandas() for name, table in records.tables().items()}


@pytest.fixture(scope="module")
def sound() -> dict[str, pd.DataFrame]:
    """Return a sample of 3,000 procedures without bad rows."""
    return frames_of(synthesize(3000, 7, bad_rows=False))


@pytest.fixture(scope="module")
def shipped() -> dict[str, pd.DataFrame]:
    """Return the sample that is shipped, bad rows included."""
    return frames_of(synthesize())


def test_every_table_has_the_columns_of_the_contract_in_their_order(tmp_path):
    write_sample(synthesize(30, 1), tmp_path)
    headers = {
        table.name: (tmp_path / f"{table.name}.csv").read_text(encoding="utf-8").split("\n")[0]
        for table in TABLES
    }
    assert headers == {table.name: ",".join(table.column_names) for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_cell_of_a_sound_sample_is_allowed(sound, table):
    frame = sound[table.name]
    refused = []
    for column in table.columns:
        cells = frame[column.name].dropna()
        if column.required and len(cells) < len(frame):
            refused.append(f"{column.name}: missing")
        if column.kind == "word":
            allowed = cells.isin(column.words)
        elif column.kind == "identifier":
            allowed = cells.str.fullmatch(r"[A-Za-z0-9_.-]{1,64}")
        else:
            allowed = _within(pd.to_numeric(cells), column)
        refused += [f"{column.name}: {cell}" for cell in cells[~allowed].unique()[:3]]
    assert refused == []


def _within(numbers: pd.Series, column) -> pd.Series:
    lower, upper = column.hard
    inside = numbers.between(
        -np.inf if lower is None else lower, np.inf if upper is None else upper
    )
    if column.above_lower:
        inside &= numbers > lower
    return inside & (numbers % 1 == 0) if column.kind == "whole" else inside


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_sound_sample_has_unique_keys_and_no_orphans(sound, table):
    frame = sound[table.name]
    assert not frame.duplicated(list(table.key)).any()
    assert frame["procedure_id"].isin(sound["procedures"]["procedure_id"]).all()


def test_leaks_lie_at_levels_that_were_looked_at(sound):
    levels = sound["treated_levels"]
    checked = levels[levels["leak_checked"] == "yes"][["procedure_id", "level"]]
    together = sound["leaks"].merge(checked, on=["procedure_id", "level"])
    assert len(together) == len(sound["leaks"]) > 500


def test_nothing_is_recorded_after_death_or_after_the_data_cut(sound):
    procedures = sound["procedures"].set_index("procedure_id")
    ends = procedures[["death_days", "observed_through_days"]].apply(pd.to_numeric).min(axis=1)
    for table, column in (("assessments", "days"), ("complications", "onset_days")):
        days = pd.to_numeric(sound[table][column])
        assert not (days > ends.reindex(sound[table]["procedure_id"]).to_numpy()).any()
    assert (pd.to_numeric(procedures["last_contact_days"]) <= ends).all()


def test_the_sample_holds_no_month_and_nothing_shaped_like_an_identifier(shipped):
    assert shipped["procedures"]["procedure_month"].isna().all()
    for frame in shipped.values():
        for column in frame.columns:
            cells = frame[column].dropna().unique()
            assert [cell for cell in cells if IDENTIFYING.search(cell)] == []
    ages = pd.to_numeric(shipped["procedures"]["age_years"], errors="coerce")
    assert ages.max() == 90


def test_the_shipped_files_are_those_of_the_default_seed(tmp_path):
    write_sample(synthesize(), tmp_path)
    differing = [
        table.name
        for table in TABLES
        if (tmp_path / f"{table.name}.csv").read_bytes()
        != (SHIPPED / f"{table.name}.csv").read_bytes()
    ]
    assert differing == []


def test_the_shipped_files_are_small_and_end_their_lines_with_line_feeds():
    files = sorted(SHIPPED.glob("*.csv"))
    assert len(files) == len(TABLES)
    assert sum(file.stat().st_size for file in files) < 4_000_000
    assert not any(b"\r" in file.read_bytes() for file in files)


def test_another_seed_gives_other_records():
    first, second = (synthesize(50, seed).tables()["procedures"] for seed in (1, 2))
    assert not first.equals(second)


@pytest.mark.parametrize("procedures", [1, 2, 19, 30, 400])
def test_any_number_of_procedures_can_be_asked_for(procedures):
    tables = synthesize(procedures, 3, bad_rows=False).tables()
    assert tables["procedures"].num_rows == procedures


@pytest.mark.parametrize(
    ("procedures", "seed", "effect"), [(0, 1, "trap"), (10, -1, "trap"), (10, 1, "miracle")]
)
def test_an_impossible_world_is_refused(procedures, seed, effect):
    with pytest.raises(ValueError, match="must be"):
        synthesize(procedures, seed, effect=effect)


def test_blocks_continue_the_numbers_and_the_order_of_cases(monkeypatch):
    monkeypatch.setattr(block, "BLOCK", 150)
    sample = synthesize(400, 5, bad_rows=False)
    procedures = sample.tables()["procedures"].to_pandas()
    assert len(list(sample.blocks())) == 3
    assert list(procedures["procedure_id"]) == [f"C{number:06d}" for number in range(400)]
    for _, site in procedures.groupby("site_id"):
        assert sorted(site["case_order"].astype(int)) == list(range(1, len(site) + 1))


def test_progress_is_told_after_each_block(monkeypatch, tmp_path):
    monkeypatch.setattr(block, "BLOCK", 40)
    told = []
    write_sample(synthesize(100, 5), tmp_path, lambda done, of: told.append((done, of)))
    assert told[-1] == (100, 100)
    assert len(told) == 3


def test_about_one_row_in_a_hundred_is_bad_in_every_table(shipped):
    sound_rows = frames_of(synthesize(bad_rows=False))
    for name, frame in shipped.items():
        clean = sound_rows[name]
        changed = (frame[: len(clean)].fillna("") != clean.fillna("")).any(axis=1).sum()
        share = (changed + len(frame) - len(clean)) / len(frame)
        assert 0.007 < share < 0.02, name


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        (name, column, cell)
        for name, faults in FAULTS.items()
        for fault in faults
        for column, cell in fault.cells.items()
        if cell is not None and fault.added is None
    ],
)
def test_every_kind_of_bad_cell_is_in_the_shipped_sample(shipped, table, column, cell):
    assert (shipped[table][column] == cell).any()


def test_required_cells_are_missing_copies_exist_and_keys_conflict_in_the_sample(shipped):
    for table in TABLES:
        frame = shipped[table.name]
        assert frame[list(table.required_columns)].isna().any().any(), table.name
        assert frame.duplicated().any(), table.name
        if table.name != "leaks":
            once = frame.drop_duplicates().dropna(subset=list(table.key))
            assert once.duplicated(list(table.key)).any(), table.name


def test_the_second_load_brings_new_changed_and_late_dead_procedures():
    sample = synthesize(600, 11)
    known = sample.tables()["procedures"].to_pandas().drop_duplicates("procedure_id")
    second = frames_of(synthesize_second_load(sample))
    rows = second["procedures"].set_index("procedure_id")
    old = rows[rows.index.isin(known["procedure_id"])]
    before = known.set_index("procedure_id").reindex(old.index)
    differs = old.fillna("") != before.fillna("")
    late = differs["death_days"]
    assert (len(rows) - len(old), int((~late).sum()), int(late.sum())) == (40, 25, 3)
    assert (differs[~late].sum(axis=1) == 1).all()
    assert (pd.to_numeric(old["death_days"]) > pd.to_numeric(old["last_contact_days"]))[late].all()
    for name, frame in second.items():
        if name != "procedures":
            assert not frame["procedure_id"].isin(known["procedure_id"]).any()


def test_the_second_load_takes_up_patients_and_case_orders_where_the_first_ended():
    sample = synthesize(600, 11, bad_rows=False)
    first = sample.tables()["procedures"].to_pandas()
    second = synthesize_second_load(sample).tables()["procedures"].to_pandas()
    new = second[~second["procedure_id"].isin(first["procedure_id"])]
    assert not new["patient_id"].isin(first["patient_id"]).any()
    everything = pd.concat([first, new])
    assert not everything.duplicated(["site_id", "case_order"]).any()
