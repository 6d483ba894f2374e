"""`vertebra load`, `check` and `status` as scripts use them."""

import json
import os
import time
from pathlib import Path

import pytest

from etl.lock import hold_lock
from etl.pipeline import utc_now
from etl.synthesize import synthesize, write_sample

TABLES = ("procedures", "treated_levels", "leaks", "assessments", "complications")


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    write_sample(synthesize(150, 7, bad_rows=False), folder)
    return folder


@pytest.fixture(scope="module")
def loaded(vertebra, records, tmp_path_factory):
    warehouse = tmp_path_factory.mktemp("warehouse") / "x.warehouse"
    return warehouse, vertebra("load", records, "--warehouse", warehouse, "--json")


def test_load_prints_one_object_that_accounts_for_every_record(loaded):
    _, done = loaded
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["status"] == "published"
    assert tuple(facts["tables"]) == TABLES
    for counts in facts["tables"].values():
        assert counts.pop("read") == sum(counts.values())
    for finding in facts["findings"]:
        assert {"rule", "severity", "table", "count", "of", "example_rows"} <= finding.keys()


def test_the_same_files_again_change_nothing(vertebra_here, loaded, records):
    warehouse, done = loaded
    again = vertebra_here("load", records, "--warehouse", warehouse, "--json")
    first, second = json.loads(done.stdout), json.loads(again.stdout)
    assert again.returncode == 0
    assert (second["status"], second["snapshot"]) == ("unchanged", first["snapshot"])
    assert second["tables"]["procedures"]["unchanged"] == first["tables"]["procedures"]["loaded"]


def test_status_tells_the_snapshot_and_the_loads(vertebra, loaded):
    warehouse, done = loaded
    status = vertebra("status", "--warehouse", warehouse, "--json")
    facts = json.loads(status.stdout)
    assert facts["snapshot"] == json.loads(done.stdout)["snapshot"]
    assert facts["rows"]["procedures"] == 150
    assert facts["loads"][-1]["status"] == "published"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["load"], 2),
        (["load", "nowhere"], 2),
        (["load", "--max-refused", "2", "nowhere"], 2),
        (["polish"], 2),
        (["status"], 5),
        (["report", "--format", "docx", "--out", "pack"], 2),
    ],
)
def test_wrong_usage_is_explained_without_a_traceback(vertebra_here, tmp_path, arguments, code):
    done = vertebra_here(*arguments, VERTEBRA_WAREHOUSE=str(tmp_path / "none.warehouse"))
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_refused_load_says_so_in_its_object(vertebra, records, tmp_path):
    text = (records / "procedures.csv").read_text(encoding="utf-8")
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "procedures.csv").write_text(
        text.replace(",osteoporosis,", ",osteoperosis,"), encoding="utf-8"
    )
    done = vertebra("load", bad, "--warehouse", tmp_path / "x.warehouse", "--json")
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["status"], facts["exit_code"]) == (4, "refused", 4)
    assert Path(facts["quarantine"]).is_dir()
    assert not (tmp_path / "x.warehouse").exists()


def test_status_of_nothing_is_one_object_too(vertebra_here, tmp_path):
    done = vertebra_here("status", "--warehouse", tmp_path / "none.warehouse", "--json")
    assert done.returncode == 5
    assert json.loads(done.stdout)["snapshot"] is None


def test_a_second_load_is_told_at_once_who_is_loading(vertebra, records, tmp_path):
    warehouse = tmp_path / "x.warehouse"
    with hold_lock(warehouse, utc_now()):
        started = time.monotonic()
        done = vertebra("load", records, "--warehouse", warehouse)
        assert time.monotonic() - started < 60
    assert done.returncode == 5
    assert f"process {os.getpid()}" in done.stderr
