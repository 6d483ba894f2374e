"""An identified export becomes canonical files that identify nobody."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.deidentify.run import REPORT_NAME
from etl.lock import hold_lock
from etl.pipeline import utc_now
from warehouse.errors import (
    IdentifiersFound,
    LoadRefused,
    SourceUnreadable,
    WarehouseUnavailable,
)

from .conftest import JONES, PROCEDURES, SMITH

SECRETS = ("MRN", "Smith", "Jones", "Northside", "2024-03-05", "2024-02-28")


def everything_in(folder):
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


def test_names_and_dates_are_gone_and_the_rest_is_kept(export, run, written, tmp_path):
    run(export(procedures=[PROCEDURES, SMITH, JONES]))
    rows = {row["cause"]: row for row in written("procedures")}
    assert rows["cancer"]["procedure_year"] == rows["osteoporosis"]["procedure_year"] == "2024"
    assert rows["cancer"]["technique"] == "kyphoplasty"
    assert rows["cancer"]["site_id"] == rows["osteoporosis"]["site_id"]
    assert rows["cancer"]["patient_id"] != rows["osteoporosis"]["patient_id"]
    text = everything_in(tmp_path / "out")
    assert [secret for secret in SECRETS if secret in text] == []


def test_children_follow_their_procedure_and_count_days_from_it(export, run, written):
    run(
        export(
            procedures=[PROCEDURES + ",death_date", SMITH + ",2025-03-05", JONES + ","],
            assessments=[
                "procedure_id,instrument,assessment_date,score",
                "MRN-12/1,pain_nrs,2024-03-01,3",
                "MRN-12/1,pain_nrs,2024-02-27,8",
            ],
            complications=[
                "complication_id,procedure_id,type,onset_date",
                "E1,MRN-77/1,infection,2024-03-15",
            ],
        )
    )
    keys = {row["cause"]: row["procedure_id"] for row in written("procedures")}
    # 2024 is a leap year: 28 February to 1 March are two days, 5 March to 5 March are 365.
    days = {(row["procedure_id"], row["days"]) for row in written("assessments")}
    assert days == {(keys["osteoporosis"], "2"), (keys["osteoporosis"], "-1")}
    [complication] = written("complications")
    assert (complication["procedure_id"], complication["onset_days"]) == (keys["cancer"], "10")
    deaths = {row["cause"]: row["death_days"] for row in written("procedures")}
    assert deaths == {"cancer": "365", "osteoporosis": ""}


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1934-03-05", "90"),  # turns 90 on the day
        ("1934-03-06", "89"),
        ("1920-01-01", "90"),
        ("1950-02-28", "74"),
    ],
)
def test_age_is_counted_in_completed_years_and_ends_at_ninety(export, run, written, born, age):
    run(export(procedures=[PROCEDURES + ",birth_date", f"{SMITH},{born}"]))
    assert [row["age_years"] for row in written("procedures")] == [age]


def test_an_age_over_ninety_is_written_as_ninety_and_counted(export, run, written):
    lines = [PROCEDURES + ",age_years", SMITH + ",97", JONES + ",90"]
    report = run(export(procedures=lines))
    assert [row["age_years"] for row in written("procedures")] == ["90", "90"]
    [capped] = [done for done in report.columns if done.done == "capped at 90"]
    assert (capped.column, capped.cells) == ("age_years", 1)


def test_days_between_two_dates_before_the_procedure_are_counted_back(export, run, written):
    run(export(procedures=[PROCEDURES + ",fracture_date", SMITH + ",2024-02-20"]))
    # 20 to 29 February are 9 days, and 5 more to 5 March.
    assert [row["fracture_age_days"] for row in written("procedures")] == ["14"]


def test_a_declared_date_format_is_used_and_never_guessed_at(export, run, written):
    header = PROCEDURES + ",last_contact_date"
    lines = [header, SMITH.replace("2024-03-05", "05/03/2024") + ",07/03/2024"]
    run(export(procedures=lines), date_format="DD/MM/YYYY")
    assert [row["last_contact_days"] for row in written("procedures")] == ["2"]
    with pytest.raises(LoadRefused, match="not a date in the declared format"):
        run(export(procedures=lines), out="other", max_refused=0.05)


@pytest.mark.parametrize(
    ("day_zero", "days"), [("before", ["0", "1"]), ("after", ["0.5", "1"]), ("unknown", ["1"])]
)
def test_scores_of_the_procedures_own_day_are_settled_as_declared(
    export, run, written, day_zero, days
):
    scores = [
        "procedure_id,instrument,assessment_date,score",
        "MRN-77/1,pain_nrs,2024-03-05,8",
        "MRN-77/1,pain_nrs,2024-03-06,3",
    ]
    run(export(procedures=[PROCEDURES, SMITH], assessments=scores), day_zero=day_zero)
    assert [row["days"] for row in written("assessments")] == days


def test_a_day_zero_that_the_source_gives_as_a_number_is_kept(export, run, written):
    scores = ["procedure_id,instrument,days,score", "MRN-77/1,pain_nrs,0,8"]
    run(export(procedures=[PROCEDURES, SMITH], assessments=scores))
    assert [row["days"] for row in written("assessments")] == ["0"]


def test_text_of_its_own_is_kept_only_as_a_short_name(export, run, written):
    levels = [
        "procedure_id,level,cement_type",
        "MRN-77/1,T12,Kyphon HV-R",
        "MRN-77/1,L1,lot 4711",
        "MRN-77/1,L2,(01)00643169001763(10)A77",
        "MRN-77/1,L3,chosen by Dr Smith as usual",
    ]
    report = run(export(procedures=[PROCEDURES, SMITH], treated_levels=levels))
    kept = {row["level"]: row["cement_type"] for row in written("treated_levels")}
    assert kept == {"T12": "Kyphon_HV-R", "L1": "", "L2": "", "L3": ""}
    [emptied] = [done for done in report.columns if done.done == "emptied"]
    assert (emptied.column, emptied.cells) == ("cement_type", 3)


def test_columns_that_nothing_asks_for_are_dropped_and_told_by_their_kind(export, run, written):
    header = PROCEDURES + ",ZIP,device_serial,clinical_notes,procedure_month"
    row = SMITH + ",02139,AB-1,fell in the garden,3"
    report = run(export(procedures=[header, row]))
    dropped = {done.column: done.why for done in report.columns if done.done == "dropped"}
    assert dropped == {
        "patient_name": "name",
        "ZIP": "postal code",
        "device_serial": "device serial or lot number",
        "clinical_notes": "free text",
        "procedure_month": "not asked for",
    }
    assert set(written("procedures")[0]).isdisjoint(dropped)


def test_a_column_whose_name_identifies_is_not_named(export, run, tmp_path):
    header = PROCEDURES + ',"Smith, John"'
    report = run(export(procedures=[header, SMITH + ",x"]))
    assert "(an identifying name)" in {done.column for done in report.columns}
    assert "Smith" not in everything_in(tmp_path / "out")


FAULTY = [
    ("technique", "vertbroplasty", "not a word of this column"),
    ("technique", "", "required and missing"),
    ("patient_id", "", "required and missing"),
    ("procedure_date", "05.03.2024", "not a date in the declared format"),
    ("asa_class", "7", "not a whole number from 1 to 5"),
    ("asa_class", "2.5", "not a whole number from 1 to 5"),
    ("bmi", "Smith", "not a number from 8 to 90"),
    ("age_years", "131", "not a whole number from 0 to 90"),
    ("age_years", "-1", "not a whole number from 0 to 90"),
]


@pytest.mark.parametrize(("column", "value", "reason"), FAULTY)
def test_a_record_with_such_a_cell_is_left_out_with_its_children(
    export, run, written, column, value, reason
):
    header = [*PROCEDURES.split(","), "asa_class", "bmi", "age_years"]
    sound = [*SMITH.split(","), "2", "24", "70"]
    faulty = [*JONES.split(","), "2", "24", "70"]
    faulty[header.index(column)] = value
    scores = ["procedure_id,instrument,days,score"]
    scores += [f"{key},pain_nrs,1,3" for key in ("MRN-77/1", "MRN-12/1", "MRN-99/1")]
    report = run(
        export(procedures=[",".join(line) for line in (header, sound, faulty)], assessments=scores)
    )
    source = "procedure_year from procedure_date" if column == "procedure_date" else column
    left = [(x.table, x.column, x.reason, x.records, x.places) for x in report.left_out]
    parent = "procedure_id"
    assert left == [
        ("procedures", source, reason, 1, ("line 3",)),
        ("assessments", parent, "its procedure is left out", 1, ("line 3",)),
        ("assessments", parent, "no such procedure", 1, ("line 4",)),
    ]
    assert [row["score"] for row in written("assessments")] == ["3"]
    told = json.dumps(report.as_json()) + "\n".join(report.in_words())
    assert not value or f'"{value}"' not in told


def test_too_many_faults_stop_the_run_and_say_where(export, run, tmp_path):
    with pytest.raises(LoadRefused) as refused:
        run(export(procedures=[PROCEDURES, SMITH, JONES.replace("osteo", "os")]), max_refused=0.4)
    assert "procedures: 1 of 2 records would be left out (50.0%, allowed 40.0%)" in str(
        refused.value
    )
    assert "column 'cause': not a word of this column, 1 (line 3)" in str(refused.value)
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "who.crosswalk").exists()


def test_an_unreadable_record_is_left_out_and_counted(export, run, written):
    report = run(export(procedures=[PROCEDURES, SMITH, JONES + ",one too many"]))
    assert (report.tables["procedures"].read, report.tables["procedures"].written) == (2, 1)
    assert [left.places for left in report.left_out] == [("line 3",)]


def test_a_second_run_keeps_the_surrogates_and_adds_the_new_ones(export, run, written):
    run(export("one", procedures=[PROCEDURES, SMITH]))
    report = run(export("two", procedures=[PROCEDURES, JONES, SMITH]), out="again")
    [before] = written("procedures")
    after = {row["cause"]: row for row in written("procedures", "again")}
    for column in ("patient_id", "procedure_id", "site_id"):
        assert after["cancer"][column] == before[column]
    assert report.surrogates["patient"] == (2, 1)
    assert report.surrogates["site"] == (1, 0)


def test_another_crosswalk_gives_other_surrogates(export, run, written, tmp_path):
    source = export(procedures=[PROCEDURES, SMITH])
    run(source)
    run(source, out="other", crosswalk=tmp_path / "second")
    [one], [other] = written("procedures"), written("procedures", "other")
    assert one["patient_id"] != other["patient_id"]


@settings(
    deadline=None,
    derandomize=True,
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(30)))
def test_the_order_of_the_output_is_that_of_its_surrogates(export, run, written, order, tmp_path):
    out = f"out-{len(list(tmp_path.iterdir()))}"
    rows = [f"{n:03},{n:03},x,A,2024-01-01,kyphoplasty,cancer" for n in order]
    run(export(procedures=[PROCEDURES, *rows]), out=out, crosswalk=tmp_path / f"{out}.who")
    keys = [row["procedure_id"] for row in written("procedures", out)]
    assert keys == sorted(keys)
    assert len(keys) == 30


@settings(
    deadline=None,
    derandomize=True,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    days=st.lists(st.integers(-3000, 3000).filter(bool), min_size=1, max_size=8, unique=True),
    start=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
)
def test_every_day_comes_back_from_its_date(export, run, written, tmp_path, days, start):
    out = f"out-{len(list(tmp_path.iterdir()))}"
    scores = ["procedure_id,instrument,assessment_date,score"]
    scores += [f"MRN-77/1,pain_nrs,{start + timedelta(day)},1" for day in days]
    source = export(
        procedures=[PROCEDURES, SMITH.replace("2024-03-05", str(start))], assessments=scores
    )
    run(source, out=out)
    assert sorted(int(row["days"]) for row in written("assessments", out)) == sorted(days)


def test_a_mapping_says_what_other_tables_mean(export, run, written, tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        """
        day_zero = "before"
        [procedures]
        source = "cases"
        reference_date = { column = "OP date", format = "DD.MM.YYYY" }
        [procedures.columns]
        procedure_id = { columns = ["MRN", "case"] }
        patient_id = "MRN"
        site_id = { value = "main" }
        procedure_year = { column = "OP date", format = "DD.MM.YYYY", part = "year" }
        age_years = { column = "born", format = "DD.MM.YYYY", part = "age" }
        technique = { column = "kind", recode = { KP = "kyphoplasty", VP = "vertebroplasty" } }
        cause = { value = "osteoporosis" }
        [assessments]
        source = "cases"
        columns = { procedure_id = { columns = ["MRN", "case"] } }
        [[assessments.wide]]
        instrument = "pain_nrs"
        columns = { "pain before" = -1, "pain 6w" = 42 }
        """,
        encoding="utf-8",
    )
    source = export(
        cases=[
            "MRN,case,Name,OP date,born,kind,pain before,pain 6w,Notes",
            "004711,1,Smith,05.03.2024,01.01.1930,KP,8,2,lives alone",
            "004712,1,Jones,06.03.2024,01.01.1960,VP,7,,none",
        ]
    )
    report = run(source, mapping=mapping)
    rows = {row["technique"]: row for row in written("procedures")}
    assert rows["kyphoplasty"]["age_years"] == "90"
    assert rows["vertebroplasty"]["age_years"] == "64"
    scores = {(row["procedure_id"], row["days"], row["score"]) for row in written("assessments")}
    kyphoplasty, vertebroplasty = (rows[k]["procedure_id"] for k in sorted(rows))
    assert scores == {
        (kyphoplasty, "-1", "8"),
        (kyphoplasty, "42", "2"),
        (vertebroplasty, "-1", "7"),
    }
    dropped = {done.column for done in report.columns if done.done == "dropped"}
    assert dropped == {"Name", "Notes"}


@pytest.mark.parametrize("place", ["out/who", "out/deeper/who", "out"])
def test_a_crosswalk_inside_the_output_is_refused(export, run, tmp_path, place):
    with pytest.raises(SourceUnreadable, match="inside the output"):
        run(export(procedures=[PROCEDURES, SMITH]), crosswalk=tmp_path / place)
    assert not (tmp_path / "out").exists()


def test_a_crosswalk_that_reaches_into_the_output_by_a_link_is_refused(export, run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with pytest.raises(SourceUnreadable, match="inside the output"):
        run(export(procedures=[PROCEDURES, SMITH]), crosswalk=tmp_path / "link" / "who")


def test_an_output_that_holds_something_is_left_as_it_is(export, run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="is no empty folder"):
        run(export(procedures=[PROCEDURES, SMITH]))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_an_empty_output_folder_may_be_there(export, run, written, tmp_path):
    (tmp_path / "out").mkdir()
    run(export(procedures=[PROCEDURES, SMITH]))
    assert len(written("procedures")) == 1


def test_nothing_identified_is_left_lying_about(export, run, tmp_path):
    run(export(procedures=[PROCEDURES, SMITH]))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"export", "out", "who.crosswalk", "who.crosswalk.lock"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"procedures.csv", REPORT_NAME}


def test_what_a_killed_run_left_is_removed_by_the_next(export, run, tmp_path):
    for name in ("who.crosswalk.building.d", "out.building.d"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.csv").write_text("MRN-77", encoding="utf-8")
    run(export(procedures=[PROCEDURES, SMITH]))
    assert not list(tmp_path.glob("*.building.d"))


def test_two_runs_do_not_share_a_crosswalk_at_once(export, run, tmp_path):
    source = export(procedures=[PROCEDURES, SMITH])
    with (
        hold_lock(tmp_path / "who.crosswalk", utc_now()),
        pytest.raises(WarehouseUnavailable, match="in use by another process"),
    ):
        run(source)


def test_what_still_looks_identifying_at_the_end_stops_the_run(export, run, tmp_path, monkeypatch):
    monkeypatch.setattr("etl.deidentify.cells.is_emptied", lambda column: "false")
    levels = ["procedure_id,level,cement_type", "MRN-77/1,T12,john@example.org"]
    with pytest.raises(IdentifiersFound) as refused:
        run(export(procedures=[PROCEDURES, SMITH], treated_levels=levels))
    assert "column 'cement_type': e-mail address" in str(refused.value)
    assert "john" not in str(refused.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"cases": ["a", "1"]}, "No table 'procedures' was found"),
        ({"procedures": ["procedure_id,patient_id,site_id", "1,2,3"]}, "required column"),
        (
            {"procedures": [PROCEDURES.replace("procedure_date", "when"), SMITH]},
            "'procedure_year' (or 'procedure_date')",
        ),
        (
            {"procedures": [PROCEDURES, SMITH], "assessments": ["procedure_id,score", "1,2"]},
            "'days' (or 'assessment_date')",
        ),
    ],
)
def test_a_source_that_is_not_laid_out_so_is_refused_with_a_remedy(export, run, tables, message):
    with pytest.raises(SourceUnreadable) as refused:
        run(export(**tables))
    assert message in str(refused.value)
    assert "--mapping" in str(refused.value)


def test_a_procedure_that_stands_there_twice_gives_its_children_no_date(export, run):
    scores = ["procedure_id,instrument,assessment_date,score", "MRN-77/1,odi,2024-03-06,3"]
    with pytest.raises(SourceUnreadable) as refused:
        run(export(procedures=[PROCEDURES, SMITH, SMITH], assessments=scores))
    assert "procedures.csv holds the same 'procedure_id' more than once" in str(refused.value)
    assert "line 2 and line 3" in str(refused.value)
    assert "MRN" not in str(refused.value)


def test_canonical_disability_scores_are_percent_and_are_not_asked_about(export, run, written):
    scores = ["procedure_id,instrument,days,score", "MRN-77/1,odi,-1,42", "MRN-77/1,odi,42,101"]
    report = run(export(procedures=[PROCEDURES, SMITH], assessments=scores))
    assert [row["score"] for row in written("assessments")] == ["42"]
    assert [(left.column, left.records) for left in report.left_out] == [("score", 1)]


def test_a_date_format_must_be_one(export, run):
    with pytest.raises(SourceUnreadable, match="'tomorrow' is not a date format"):
        run(export(procedures=[PROCEDURES, SMITH]), date_format="tomorrow")


def test_the_report_in_the_folder_says_what_was_done(export, run, tmp_path):
    report = run(export(procedures=[PROCEDURES, SMITH, JONES]))
    text = (tmp_path / "out" / REPORT_NAME).read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(json.dumps(report.as_json()))
    done = {(d["table"], d["column"]): (d["done"], d["cells"]) for d in json.loads(text)["columns"]}
    assert done[("procedures", "procedure_year")] == ("from a date", 2)
    assert done[("procedures", "patient_id")] == ("surrogate", 2)
    assert done[("procedures", "technique")] == ("kept", 2)
    assert done[("procedures", "patient_name")] == ("dropped", 2)
