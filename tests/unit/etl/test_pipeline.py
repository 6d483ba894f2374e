"""What becomes of records: loaded, unchanged, updated, quarantined or out of scope."""

import csv
import os
import shutil

import pytest

from etl.history import read_findings, read_loads, read_tables
from etl.pipeline import LoadStopped
from etl.report import TableCounts
from warehouse.errors import IdentifiersFound, SourceUnreadable, WarehouseUnavailable
from warehouse.snapshot import open_snapshot, read_pointer, snapshot_folder

ASSESSMENTS = "procedure_id,instrument,days,score"


def rows_of(warehouse, statement):
    with open_snapshot(warehouse) as snapshot:
        return snapshot.connection.execute(statement).fetchall()


def quarantined(report, table):
    with (report.quarantine / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_whole_number_with_a_fraction_is_refused_and_never_rounded(
    source, load_into, warehouse, hundred_procedures
):
    header, *rows = hundred_procedures
    lines = [f"{header},age_years", *(f"{row},70" for row in rows)]
    lines[7] = lines[7].removesuffix("70") + "69.9"
    report = load_into(source(procedures=lines))
    assert report.tables["procedures"] == TableCounts(read=100, loaded=99, quarantined=1)
    [row] = quarantined(report, "procedures")
    # Line 8 of the file is its seventh record; the refused cell stands as it was given.
    assert (row["record"], row["line"], row["age_years"]) == ("7", "8", "69.9")
    assert rows_of(warehouse, "select distinct age_years from procedures") == [(70,)]


def test_a_refused_row_carries_all_of_its_reasons(source, load_into, hundred_procedures):
    lines = [*hundred_procedures, "C 1,P1,A,1900,kypho,cancer"]
    report = load_into(source(procedures=lines))
    [row] = quarantined(report, "procedures")
    for rule in ("words_are_known", "numbers_are_possible", "identifiers_are_surrogates"):
        assert rule in row["reasons"]


def test_children_of_a_refused_procedure_go_with_it_and_do_not_count(
    source, load_into, hundred_procedures
):
    lines = [*hundred_procedures, "C100,P100,A,2024,kypho,cancer"]
    scores = [ASSESSMENTS, *(f"C100,pain_nrs,{day},5" for day in range(9)), "C1,pain_nrs,1,5"]
    report = load_into(source(procedures=lines, assessments=scores))
    assert report.tables["assessments"] == TableCounts(read=10, loaded=1, quarantined=9)
    assert {row["reasons"].split(" ")[0] for row in quarantined(report, "assessments")} == {
        "parent_refused"
    }


def test_children_of_a_procedure_that_could_not_be_read_go_with_it(
    source, load_into, hundred_procedures
):
    lines = [*hundred_procedures, "C100,P100,A,2024,kyphoplasty,cancer,surplus"]
    scores = [ASSESSMENTS, "C100,pain_nrs,1,5", "C1,pain_nrs,1,5"]
    report = load_into(source(procedures=lines, assessments=scores))
    assert report.tables["procedures"] == TableCounts(read=101, loaded=100, quarantined=1)
    assert report.tables["assessments"] == TableCounts(read=2, loaded=1, quarantined=1)
    assert quarantined(report, "procedures")[0]["unread_record"].endswith("cancer,surplus")


def test_a_leak_goes_with_its_refused_level(source, load_into, hundred_procedures):
    levels = ["procedure_id,level,cement_ml", *(f"C{n},L1,4" for n in range(99)), "C99,L1,400"]
    leaks = ["procedure_id,level,route", "C99,L1,epidural", "C1,L1,epidural"]
    report = load_into(source(procedures=hundred_procedures, treated_levels=levels, leaks=leaks))
    assert report.tables["leaks"] == TableCounts(read=2, loaded=1, quarantined=1)


def test_sacral_levels_are_out_of_scope_and_not_refused(source, load_into, hundred_procedures):
    levels = ["procedure_id,level", "C1,L1", "C2,S1", "C3,sacrum", "C4,L5"]
    report = load_into(source(procedures=hundred_procedures, treated_levels=levels))
    assert report.tables["treated_levels"] == TableCounts(read=4, loaded=2, out_of_scope=2)
    assert report.quarantine is None


def test_of_exact_copies_the_first_is_loaded(source, load_into, hundred_procedures):
    report = load_into(source(procedures=[*hundred_procedures, hundred_procedures[1]]))
    assert report.tables["procedures"] == TableCounts(read=101, loaded=100, quarantined=1)
    assert quarantined(report, "procedures")[0]["record"] == "101"


def test_of_one_key_with_different_values_no_record_is_loaded(
    source, load_into, warehouse, hundred_procedures
):
    other = hundred_procedures[1].replace("cancer", "trauma")
    report = load_into(source(procedures=[*hundred_procedures, other]))
    assert report.tables["procedures"] == TableCounts(read=101, loaded=99, quarantined=2)
    assert rows_of(warehouse, "from procedures where procedure_id = 'C0'") == []


def test_a_second_load_adds_updates_and_leaves_the_rest(
    source, load_into, warehouse, hundred_procedures, hundred_loaded
):
    keys = dict(rows_of(warehouse, "select procedure_id, procedure_key from procedures"))
    changed = hundred_procedures[3].replace("cancer", "trauma")
    new = "C500,P0,A,2025,implant,cancer"
    second = load_into(
        source("later", procedures=[hundred_procedures[0], changed, hundred_procedures[9], new])
    )
    assert second.tables["procedures"] == TableCounts(read=3, loaded=1, unchanged=1, updated=1)
    assert second.snapshot != hundred_loaded.snapshot
    later = rows_of(
        warehouse, "select procedure_id, procedure_key, patient_key, cause from procedures"
    )
    assert len(later) == 101
    assert {name: key for name, key, _, _ in later if name in keys} == keys
    assert {cause for name, _, _, cause in later if name == "C2"} == {"trauma"}
    assert len({patient for name, _, patient, _ in later if name in ("C0", "C500")}) == 1


def test_a_file_loaded_alone_joins_the_procedures_of_the_warehouse(
    source, load_into, warehouse, hundred_loaded
):
    report = load_into(source("later", assessments=[ASSESSMENTS, "C5,pain_nrs,1,5"]))
    assert report.tables["assessments"].loaded == 1
    assert rows_of(
        warehouse, "select procedure_id from assessments join procedures using (procedure_key)"
    ) == [("C5",)]


def test_a_column_that_a_later_file_lacks_keeps_its_values(
    source, load_into, warehouse, hundred_procedures
):
    header, *rows = hundred_procedures
    load_into(source(procedures=[f"{header},age_years", *(f"{row},70" for row in rows)]))
    changed = rows[2].replace("cancer", "trauma")
    load_into(source("later", procedures=[header, changed]))
    assert rows_of(
        warehouse, "select age_years, cause from procedures where procedure_id = 'C2'"
    ) == [(70, "trauma")]


def test_the_same_records_again_change_nothing(
    source, load_into, hundred_procedures, hundred_loaded
):
    identical = load_into(source(procedures=hundred_procedures))
    header, *rows = hundred_procedures
    reordered = load_into(source("reordered", procedures=[header, *reversed(rows)]))
    for again in (identical, reordered):
        assert again.status == "unchanged"
        assert again.snapshot == hundred_loaded.snapshot
        assert again.tables["procedures"] == TableCounts(read=100, unchanged=100)


def test_the_same_records_in_two_loads_make_the_same_snapshot(
    source, load_into, warehouse, hundred_procedures, hundred_loaded
):
    shutil.rmtree(warehouse.parent)
    header, *rows = hundred_procedures
    load_into(source("one", procedures=[header, *rows[50:]]))
    in_two = load_into(source("two", procedures=[header, *rows[:50]])).snapshot
    assert in_two == hundred_loaded.snapshot


def test_too_many_refused_records_stop_a_load_and_keep_the_snapshot(
    source, load_into, warehouse, hundred_procedures, hundred_loaded
):
    before = read_pointer(warehouse)
    bad = [hundred_procedures[0], *(row.replace("cancer", "?") for row in hundred_procedures[1:7])]
    with pytest.raises(LoadStopped) as stopped:
        load_into(source("bad", procedures=[*bad, *hundred_procedures[7:]]))
    # 6 of 100 records are more than 5 %.
    assert "6 of 100" in str(stopped.value)
    assert stopped.value.report.tables["procedures"].quarantined == 6
    assert len(quarantined(stopped.value.report, "procedures")) == 6
    assert read_pointer(warehouse) == before


def test_renumbered_surrogates_stop_a_load(source, load_into, hundred_procedures, hundred_loaded):
    header, *rows = hundred_procedures
    renumbered = [row.replace(",P", ",Q") for row in rows]
    with pytest.raises(LoadStopped, match="surrogates_keep_their_patient"):
        load_into(source("renumbered", procedures=[header, *renumbered]))


def test_an_identifier_refuses_the_source_and_nothing_of_it_is_kept(
    source, load_into, warehouse, hundred_procedures
):
    lines = [*hundred_procedures, "123-45-6789,P1,A,2024,kyphoplasty,cancer"]
    with pytest.raises(IdentifiersFound) as refused:
        load_into(source(procedures=lines))
    assert "123-45-6789" not in str(refused.value)
    assert not warehouse.exists()
    kept = [path for path in snapshot_folder(warehouse).rglob("*") if path.is_file()]
    assert not any(b"123-45-6789" in path.read_bytes() for path in kept)
    assert list(read_loads(warehouse)["exit_code"]) == [3]


def test_an_unknown_column_is_named(source, load_into, hundred_procedures):
    header, *rows = hundred_procedures
    lines = [f"{header},Technique_2", *(f"{row},x" for row in rows)]
    with pytest.raises(SourceUnreadable, match="'Technique_2'"):
        load_into(source(procedures=lines))


def test_a_column_that_differs_by_capitals_is_named(source, load_into, hundred_procedures):
    lines = [hundred_procedures[0].replace("technique", "Technique"), *hundred_procedures[1:]]
    with pytest.raises(SourceUnreadable, match="mind blanks and capitals"):
        load_into(source(procedures=lines))


def test_a_check_publishes_nothing_and_keeps_its_findings(
    source, load_into, warehouse, hundred_procedures
):
    lines = [*hundred_procedures, "C100,P100,A,2024,kypho,cancer"]
    report = load_into(source(procedures=lines), dry_run=True)
    assert report.status == "checked"
    assert report.quarantine is not None
    assert not warehouse.exists()
    findings = read_findings(warehouse)
    assert list(findings.loc[findings["severity"] == "error", "rule"]) == ["words_are_known"]
    assert list(read_tables(warehouse)["quarantined"]) == [1, 0, 0, 0, 0]


def test_findings_are_compared_with_those_of_the_load_before(
    source, load_into, warehouse, hundred_procedures
):
    header, *rows = hundred_procedures
    load_into(source(procedures=[header, *rows, "C100,P100,A,2024,kypho,cancer"]))
    load_into(source("later", procedures=[header, *rows, "C100,P100,A,1900,kyphoplasty,cancer"]))
    findings = read_findings(warehouse).set_index("rule")["change"]
    assert findings["words_are_known"] == "RESOLVED"
    assert findings["numbers_are_possible"] == "NEW"
    assert findings["surgeon_is_known"] == "STABLE"


def test_a_damaged_warehouse_is_not_loaded_over(
    source, load_into, warehouse, hundred_procedures, hundred_loaded
):
    (snapshot_folder(warehouse) / read_pointer(warehouse).file_name).write_bytes(b"broken")
    with pytest.raises(WarehouseUnavailable, match="load all records again"):
        load_into(source(procedures=hundred_procedures))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_the_quarantine_is_for_its_owner_alone(source, load_into, hundred_procedures):
    report = load_into(source(procedures=[*hundred_procedures, "C100,P,A,2024,kypho,cancer"]))
    assert (report.quarantine / "procedures.csv").stat().st_mode & 0o777 == 0o600


def test_nothing_of_a_load_is_left_in_the_way(source, load_into, warehouse, hundred_procedures):
    load_into(source(procedures=hundred_procedures))
    assert list(snapshot_folder(warehouse).glob("*.building*")) == []


def test_missing_is_said_in_three_ways(source, load_into, warehouse, hundred_procedures):
    header, *rows = hundred_procedures
    lines = [f"{header},surgeon_id,sex", *(f"{row},S1,female" for row in rows)]
    lines[1], lines[2], lines[3] = f"{rows[0]},,", f"{rows[1]},NA,NA", f"{rows[2]}, , "
    report = load_into(source(procedures=lines))
    assert report.tables["procedures"].loaded == 100
    assert rows_of(
        warehouse, "select count(*) from procedures where surgeon_id is null and sex is null"
    ) == [(3,)]


def test_counts_that_do_not_add_up_cannot_be_made():
    with pytest.raises(AssertionError, match="3 records were read, 2 are accounted for"):
        TableCounts(read=3, loaded=2)


def test_a_corrected_quarantine_file_is_loaded_as_it_is(
    source, load_into, warehouse, hundred_procedures
):
    spoilt = [*hundred_procedures, "C100,P100,A,2024,kypho,cancer"]
    scores = [ASSESSMENTS, "C100,pain_nrs,1,5", "C1,pain_nrs,1,5"]
    folder = load_into(source(procedures=spoilt, assessments=scores)).quarantine
    path = folder / "procedures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",kypho,", ",kyphoplasty,"), "utf-8")
    report = load_into(folder)
    assert report.tables["procedures"] == TableCounts(read=1, loaded=1)
    # the score that was refused with its procedure stands in the same folder
    assert report.tables["assessments"] == TableCounts(read=1, loaded=1)
    assert rows_of(warehouse, "select count(*) from procedures") == [(101,)]
    assert rows_of(warehouse, "select count(*) from assessments") == [(2,)]


def test_the_columns_of_a_quarantine_file_mean_nothing_elsewhere(source, load_into):
    lines = ["reasons,procedure_id,patient_id,site_id,procedure_year,technique,cause", "x,C,P,A"]
    with pytest.raises(SourceUnreadable, match="reasons"):
        load_into(source(procedures=lines))
