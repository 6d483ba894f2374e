"""`vertebra load --mapping`: a practice's own tables become the records of the warehouse."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from warehouse.connection import fetch
from warehouse.snapshot import open_snapshot

Run = Callable[..., CompletedProcess[str]]

CASES = """case no;key;site;op year;tech;reason;age;gender;pain pre;pain 6w;leak
17;k7Qz;A;2023;BKP;OP;71;F;8;2;n
18;m3Xv;A;2023;VP;OP;94;M;70;3;y
19;p9Lw;B;2024;VP;Mets;66;F;9;4;n
20;t2Rb;B;2024;BKP;OP;59;X?;7;1;n
"""

MAPPING = """
privacy_mode = "safe_harbor"
[sources.cases]
delimiter = ";"
[procedures]
source = "cases"
[procedures.columns]
procedure_id = { columns = ["key", "case no"] }
patient_id = "key"
site_id = "site"
procedure_year = "op year"
technique = { column = "tech", recode = { BKP = "kyphoplasty", VP = "vertebroplasty" } }
cause = { column = "reason", recode = { OP = "osteoporosis", Mets = "cancer" } }
age_years = { column = "age", recode = { "94" = "90" } }
sex = { column = "gender", recode = { F = "female", M = "male" } }
observed_through_days = { value = 365 }
last_contact_days = { value = 365 }
"""


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """Return a folder with a practice's table and its mapping."""
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(practice: Path, vertebra_here, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a load of the practice's tables in its folder."""
    monkeypatch.chdir(practice)
    options = ["--warehouse", "v.warehouse", "--json", "--max-refused", "0.5"]

    def load(*sources: str) -> CompletedProcess[str]:
        return vertebra_here("load", *sources, "--mapping", "mapping.toml", *options)

    return load


def test_rows_are_mapped_and_a_value_without_a_meaning_refuses_its_row(
    practice: Path, run: Run
) -> None:
    done = run("cases.csv")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    counts = report["tables"]["procedures"]
    assert (counts["read"], counts["loaded"], counts["quarantined"]) == (4, 3, 1)
    [finding] = [found for found in report["findings"] if found["severity"] == "error"]
    [example] = finding["example_rows"]
    # the fourth case stands on line 5 of the source
    assert (example["line"], example["column"], example["found"]) == (5, "sex", "X?")
    line = 1 + MAPPING.splitlines().index(
        'sex = { column = "gender", recode = { F = "female", M = "male" } }'
    )
    assert example["source"] == f"gender; mapping.toml, line {line}"
    with open_snapshot(practice / "v.warehouse") as snapshot:
        rows = fetch(
            snapshot.connection,
            "select procedure_id, technique, cause, age_years from procedures order by 1",
        )
    assert rows.to_numpy().tolist() == [
        ["k7Qz-17", "kyphoplasty", "osteoporosis", 71],
        ["m3Xv-18", "vertebroplasty", "osteoporosis", 90],
        ["p9Lw-19", "vertebroplasty", "cancer", 66],
    ]


def test_the_same_source_and_mapping_change_nothing_a_second_time(practice: Path, run: Run) -> None:
    first = json.loads(run("cases.csv").stdout)
    second = json.loads(run("cases.csv").stdout)
    assert (second["status"], second["snapshot"]) == ("unchanged", first["snapshot"])
    assert second["tables"]["procedures"]["unchanged"] == 3


def test_another_mapping_of_the_same_source_is_another_load(practice: Path, run: Run) -> None:
    first = json.loads(run("cases.csv").stdout)
    other = MAPPING.replace('Mets = "cancer"', 'Mets = "unspecified"')
    (practice / "mapping.toml").write_text(other, encoding="utf-8")
    second = json.loads(run("cases.csv").stdout)
    assert second["tables"]["procedures"]["updated"] == 1
    assert second["snapshot"] != first["snapshot"]


def test_a_mapping_that_names_no_such_column_is_refused_by_its_line(
    practice: Path, run: Run
) -> None:
    wrong = MAPPING.replace('column = "tech"', 'column = "technik"')
    (practice / "mapping.toml").write_text(wrong, encoding="utf-8")
    done = run("cases.csv")
    assert done.returncode == 2
    line = 1 + wrong.splitlines().index(next(s for s in wrong.splitlines() if "technik" in s))
    assert f"mapping.toml, line {line}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (practice / "v.warehouse").exists()


def test_an_identifier_that_a_mapping_lets_through_refuses_the_source(
    practice: Path, run: Run
) -> None:
    letters = CASES.replace("k7Qz", "anna.berg@example.org")
    (practice / "cases.csv").write_text(letters, encoding="utf-8")
    done = run("cases.csv")
    assert done.returncode == 3, done.stderr
    assert "anna" not in done.stdout + done.stderr
    assert not list((practice / "v.warehouse.d").rglob("quarantine/*/*"))


def test_an_identifier_by_which_a_mapping_only_joins_refuses_the_source(
    practice: Path, run: Run
) -> None:
    joined = MAPPING + '[[procedures.join]]\nsource = "people"\non = { "case no" = "Chart" }\n'
    (practice / "mapping.toml").write_text(joined, encoding="utf-8")
    (practice / "people.csv").write_text("Chart,asa\n17,3\n18,2\n", encoding="utf-8")
    done = run("cases.csv", "people.csv")
    assert done.returncode == 3, done.stderr
    line = 1 + joined.splitlines().index("[[procedures.join]]")
    assert (
        f"people.csv, column 'Chart': medical record number, in 2 cells (mapping.toml, line {line})"
        in done.stderr
    )
    assert not (practice / "v.warehouse").exists()


SCORES = """
[assessments]
source = "scores"
[assessments.columns]
procedure_id = "case"
instrument = { value = "odi" }
days = "day"
score = "points"
"""


def test_an_odi_on_an_undeclared_scale_is_asked_about_before_anything_is_kept(
    practice: Path, run: Run
) -> None:
    (practice / "mapping.toml").write_text(MAPPING + SCORES, encoding="utf-8")
    (practice / "scores.csv").write_text("case,day,points\n1,-1,30\n1,42,12\n", encoding="utf-8")
    done = run("cases.csv", "scores.csv")
    assert done.returncode == 2, done.stderr
    line = 1 + (MAPPING + SCORES).splitlines().index('score = "points"')
    assert f"mapping.toml, line {line}, column 'score'" in done.stderr
    assert "points (0 to 50) and percent cannot be told apart" in done.stderr
    assert not (practice / "v.warehouse").exists()


def test_a_refused_row_is_told_by_its_line_after_lines_that_cannot_be_read(
    practice: Path, run: Run
) -> None:
    broken = CASES.replace("18;m3Xv", "18;too;many;m3Xv")
    (practice / "cases.csv").write_text(broken, encoding="utf-8")
    report = json.loads(run("cases.csv").stdout)
    found = {f["rule"]: f["example_rows"][0]["line"] for f in report["findings"] if f["count"]}
    assert found["record_has_the_fields_of_its_header"] == 3
    assert found["words_are_known"] == 5
