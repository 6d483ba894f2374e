"""`vertebra deidentify`: an identified export becomes loadable, and the same is served from it."""

import csv
import json
import stat
from datetime import date, timedelta
from random import Random

import pytest

from etl.synthesize import synthesize, write_sample
from warehouse.snapshot import open_snapshot

DATED = {
    "procedures": {"death_days": "death_date", "last_contact_days": "last_contact_date"},
    "assessments": {"days": "assessment_date"},
    "complications": {"onset_days": "onset_date"},
    "treated_levels": {"post_image_days": "post_image_date"},
}
IDENTIFYING = ("patient_name", "MRN", "ZIP", "balloon_serial", "clinical_notes")
SMALL = {
    "procedures": (
        *("procedure_id", "patient_id", "patient_name", "site_id"),
        *("procedure_date", "technique", "cause"),
    ),
    "complications": ("complication_id", "procedure_id", "type", "onset_date"),
}
"""Table -> columns of the export that is killed."""
STEPS = ("read", "crosswalk", "procedures", "complications", "written")


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def is_whole_day(text):
    return not text or float(text) == int(float(text))


def identified(rows, table, dates, random):
    """Give rows dates in place of days, and procedures the identifiers of their patients."""
    made = []
    for row in rows:
        row = dict(row)
        row.pop("procedure_month", None)
        day_of_procedure = dates[row["procedure_id"]]
        for days, dated in DATED.get(table, {}).items():
            given = row.pop(days)
            row[dated] = str(day_of_procedure + timedelta(int(float(given)))) if given else ""
        if table == "procedures":
            row["procedure_date"] = str(day_of_procedure)
            row.pop("procedure_year")
            row |= dict.fromkeys(IDENTIFYING, "x") | {
                "patient_name": f"Smith, {row['patient_id']}",
                "patient_id": f"MRN {row['patient_id']}",
                "ZIP": f"{random.randrange(100000):05}",
            }
        made.append(row)
    return made


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return a folder of canonical records, and the identified export that they come from."""
    clean, export = tmp_path_factory.mktemp("clean"), tmp_path_factory.mktemp("export")
    write_sample(synthesize(120, 7, bad_rows=False), clean)
    random = Random(3)
    dates = {
        row["procedure_id"]: date(int(row["procedure_year"]), 1, 1)
        + timedelta(random.randrange(365))
        for row in read(clean / "procedures.csv")
    }
    for path in sorted(clean.glob("*.csv")):
        days = DATED.get(path.stem, {})
        rows = [row for row in read(path) if all(is_whole_day(row[name]) for name in days)]
        for row in rows:
            row.pop("procedure_month", None)
        write(path, rows)
        write(export / path.name, identified(rows, path.stem, dates, random))
    return clean, export


@pytest.fixture(scope="module")
def done(vertebra, folders, tmp_path_factory):
    """Return the folder, the crosswalk and the result of one run."""
    place = tmp_path_factory.mktemp("done")
    out, crosswalk = place / "out", place / "who.crosswalk"
    result = vertebra(*order(folders[1], out, crosswalk), "--json")
    return out, crosswalk, result


def order(export, out, crosswalk):
    return (
        "deidentify", export, "--out", out, "--crosswalk", crosswalk, "--day-zero", "before",
    )  # fmt: skip


COUNTS = """
    select technique, cause, sex, age_years, procedure_year, count(*), count(distinct patient_key),
        count(distinct site_id), sum(death_days), sum(last_contact_days)
    from procedures group by all order by all
"""
CHILD_COUNTS = (
    "select instrument, count(*), sum(days), sum(round(score * 1000)::bigint) from assessments "
    "group by all order by all",
    "select type, count(*), sum(onset_days) from complications group by all order by all",
    "select level, count(*), sum(post_image_days) from treated_levels group by all order by all",
    "select route, count(*) from leaks group by all order by all",
)


def served(warehouse):
    with open_snapshot(warehouse) as snapshot:
        return [snapshot.connection.execute(sql).fetchall() for sql in (COUNTS, *CHILD_COUNTS)]


def test_the_same_records_are_served_from_the_export_and_from_the_records(
    vertebra_here, folders, done, tmp_path
):
    out, _, result = done
    assert result.returncode == 0, result.stderr
    for name, folder in (("clean", folders[0]), ("out", out)):
        loaded = vertebra_here("load", folder, "--warehouse", tmp_path / name)
        assert loaded.returncode == 0, loaded.stderr
    original, deidentified = served(tmp_path / "clean"), served(tmp_path / "out")
    assert len(original[0]) > 20
    assert deidentified == original


def test_nothing_of_the_patients_is_in_the_output_or_in_what_is_said(folders, done):
    out, _, result = done
    secrets = {row[name] for row in read(folders[1] / "procedures.csv") for name in row}
    secrets = {text for text in secrets if text.startswith(("MRN", "Smith", "C0", "20"))}
    secrets = {text for text in secrets if len(text) >= len("C000000")}
    assert len(secrets) > 300
    said = "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    said += result.stdout + result.stderr
    assert [secret for secret in secrets if secret in said] == []


def test_json_and_the_report_in_the_folder_count_every_record(done):
    out, _, result = done
    facts = json.loads(result.stdout)
    assert facts == json.loads((out / "deidentification.json").read_text(encoding="utf-8"))
    for table, counts in facts["tables"].items():
        assert counts["read"] == counts["written"] + counts["left_out"]
        assert counts["written"] == len(read(out / f"{table}.csv"))
    assert facts["surrogates"]["procedure"] == {"used": 120, "new": 120}
    assert facts["anonymity"]["procedures"] == 120


def test_the_crosswalk_leads_back_and_only_its_owner_can_read_it(folders, done):
    out, crosswalk, _ = done
    assert stat.S_IMODE(crosswalk.stat().st_mode) == 0o600
    known = {(row["kind"], row["surrogate"]): row["original"] for row in read(crosswalk)}
    back = sorted(known["patient", row["patient_id"]] for row in read(out / "procedures.csv"))
    assert back == sorted(row["patient_id"] for row in read(folders[1] / "procedures.csv"))


def test_a_second_run_gives_the_same_files(vertebra_here, folders, done, tmp_path):
    out, crosswalk, _ = done
    again = vertebra_here(*order(folders[1], tmp_path / "again", crosswalk))
    assert again.returncode == 0, again.stderr
    for path in out.glob("*.csv"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


@pytest.fixture(scope="module")
def small_export(folders, tmp_path_factory):
    """Return two tables of the export with few columns: quick enough to be killed often."""
    folder = tmp_path_factory.mktemp("small")
    for name, columns in SMALL.items():
        rows = read(folders[1] / f"{name}.csv")
        write(folder / f"{name}.csv", [{column: row[column] for column in columns} for row in rows])
    return folder


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_publishes_nothing_and_the_next_run_succeeds(
    vertebra, vertebra_here, small_export, tmp_path, step
):
    out, crosswalk = tmp_path / "out", tmp_path / "who"
    asked = order(small_export, out, crosswalk)
    killed = vertebra(*asked, VERTEBRA_FAULT=f"deidentify_{step}")
    assert killed.returncode not in (0, 2, 3, 4, 5), killed.stderr
    assert not out.exists()
    assert vertebra_here(*asked).returncode == 0
    assert len(read(out / "procedures.csv")) == 120
    assert {path.name for path in tmp_path.iterdir()} == {"out", "who", "who.lock"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere", "--out", "o"], 2, "there is no such file or folder"),
        (["."], 2, "--out"),
        ([".", "--out", "o", "--mapping", "none.toml"], 2, "none.toml"),
        ([".", "--out", "o", "--crosswalk", "o/who"], 2, "inside the output"),
        ([".", "--out", "procedures.csv"], 2, "no empty folder"),
        ([".", "--out", "o", "--date-format", "soon"], 2, "not a date format"),
        ([".", "--out", "o", "--max-refused", "9"], 2, "max_refused"),
        ([".", "--out", "o"], 4, "not a date in the declared format"),
        ([".", "--out", "procedures.csv/o"], 2, "there"),
        ([".", "--out", "o", "--crosswalk", "procedures.csv/who"], 2, "crosswalk"),
    ],
)
def test_wrong_use_and_unusable_sources_exit_as_declared_without_a_traceback(
    vertebra_here, tmp_path, monkeypatch, arguments, code, words
):
    lines = [
        "procedure_id,patient_id,site_id,procedure_date,technique,cause",
        "MRN 1,MRN 1,Northside,5 March 2024,kyphoplasty,cancer",
    ]
    (tmp_path / "procedures.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    refused = vertebra_here("deidentify", *arguments)
    assert refused.returncode == code, refused.stderr
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "MRN" not in refused.stderr + refused.stdout
    assert "5 March" not in refused.stderr + refused.stdout
    assert not (tmp_path / "o").exists()
