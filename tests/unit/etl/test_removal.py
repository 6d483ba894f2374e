"""Published records go only where a source is declared to hold them all."""

import pytest

from etl.pipeline import LoadStopped
from etl.removal import HAS_ITS_PROCEDURES, READ_WHOLE, REMOVED
from warehouse.snapshot import open_snapshot

ASSESSMENTS = "procedure_id,instrument,days,score"
SCORES = [ASSESSMENTS, "C0,pain_nrs,0,8", "C1,pain_nrs,0,7", "C1,pain_nrs,1,5", "C2,pain_nrs,0,6"]


def published(warehouse):
    with open_snapshot(warehouse) as snapshot:
        procedures = snapshot.connection.execute(
            "select procedure_id from procedures order by procedure_id"
        ).fetchall()
        scores = snapshot.connection.execute(
            "select procedure_id, days from assessments join procedures using (procedure_key) "
            "order by all"
        ).fetchall()
    return {name for (name,) in procedures}, scores


@pytest.fixture
def loaded(source, load_into, hundred_loaded):
    return load_into(source(assessments=SCORES))


def removed(report):
    return {f.table: (f.count, f.of) for f in report.findings if f.rule == REMOVED}


def test_absent_records_stay_unless_the_source_is_declared_complete(
    source, load_into, warehouse, hundred_procedures, loaded
):
    fewer = source("fewer", procedures=[*hundred_procedures[:2], *hundred_procedures[3:]])
    assert load_into(fewer).status == "unchanged"
    assert "C1" in published(warehouse)[0]


def test_a_complete_source_removes_a_procedure_with_its_children(
    source, load_into, warehouse, hundred_procedures, loaded
):
    # C1 is line 3; its two scores go with it although no assessments are given
    fewer = source("fewer", procedures=[*hundred_procedures[:2], *hundred_procedures[3:]])
    report = load_into(fewer, is_complete=True)
    assert report.status == "published"
    assert removed(report) == {"procedures": (1, 100), "assessments": (2, 4)}
    procedures, scores = published(warehouse)
    assert procedures == {f"C{n}" for n in range(100)} - {"C1"}
    assert scores == [("C0", 0.0), ("C2", 0.0)]


def test_a_complete_table_of_children_removes_only_children(
    source, load_into, warehouse, hundred_procedures, loaded
):
    report = load_into(source("scores", assessments=[*SCORES[:3], SCORES[4]]), is_complete=True)
    assert removed(report) == {"assessments": (1, 4)}
    assert published(warehouse)[1] == [("C0", 0.0), ("C1", 0.0), ("C2", 0.0)]


def test_a_refused_row_is_not_absent(source, load_into, warehouse, hundred_procedures, loaded):
    spoilt = [line.replace("C5,P5,A,2024", "C5,P5,A,1900") for line in hundred_procedures]
    report = load_into(source("spoilt", procedures=spoilt), is_complete=True)
    assert report.tables["procedures"].quarantined == 1
    assert removed(report) == {}
    assert "C5" in published(warehouse)[0]


def test_a_record_that_cannot_be_read_leaves_open_what_is_absent(
    source, load_into, warehouse, hundred_procedures, loaded
):
    ragged = [*hundred_procedures[:-1], "C99,P99,A"]
    with pytest.raises(LoadStopped) as stopped:
        load_into(source("ragged", procedures=ragged), is_complete=True)
    assert READ_WHOLE in {f.rule for f in stopped.value.report.findings}
    assert len(published(warehouse)[0]) == 100


def test_a_child_of_a_procedure_that_a_complete_source_lacks_stops_the_load(
    source, load_into, warehouse, hundred_procedures, loaded
):
    fewer = [*hundred_procedures[:2], *hundred_procedures[3:]]
    late = [*SCORES, "C1,pain_nrs,7,2"]
    with pytest.raises(LoadStopped) as stopped:
        load_into(source("late", procedures=fewer, assessments=late), is_complete=True)
    assert HAS_ITS_PROCEDURES in {f.rule for f in stopped.value.report.findings}
    assert len(published(warehouse)[0]) == 100
