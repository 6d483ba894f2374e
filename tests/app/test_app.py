"""What every page shares: filters, the snapshot in the address, a missing warehouse."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.measure import current_snapshot_id
from warehouse.snapshot import Pointer, snapshot_folder, write_pointer


def kept(at):
    return next(e.proto.body for e in at.get("html") if "procedures kept" in e.proto.body)


def test_filters_of_the_address_reach_the_page(app, sample_warehouse):
    at = app(sample_warehouse, cause="cancer", technique=["kyphoplasty", "implant"])
    assert list(at.exception) == []
    assert "technique: kyphoplasty, implant" in kept(at)
    assert "cause: cancer" in kept(at)


@pytest.mark.parametrize("word", ["kyphoplasty_or_mechanical", "kyphoplasty or mechanical"])
def test_a_technique_of_several_words_is_read_as_recorded_and_as_shown(app, sample_warehouse, word):
    at = app(sample_warehouse, technique=word)
    assert list(at.exception) == []
    assert "technique: kyphoplasty or mechanical" in kept(at)


def test_a_value_that_no_filter_offers_is_dropped(app, sample_warehouse):
    at = app(sample_warehouse, cause="witchcraft")
    assert list(at.exception) == []
    assert "all procedures, one index procedure a patient" in kept(at)


def test_reset_puts_every_filter_back(app, sample_warehouse):
    at = app(sample_warehouse, cause="cancer", age=["60", "79"], unit="all")
    assert "age 60 to 79" in kept(at)
    at.button(key="reset_filters").click().run()
    assert "all procedures, one index procedure a patient" in kept(at)


def test_an_address_of_another_snapshot_says_that_data_changed(app, sample_warehouse):
    at = app(sample_warehouse, snapshot="000000000000")
    assert "Data changed since this address was made" in at.warning[0].value
    assert at.query_params["snapshot"] == current_snapshot_id(sample_warehouse)


def test_an_address_of_this_snapshot_says_nothing(app, sample_warehouse):
    at = app(sample_warehouse, snapshot=current_snapshot_id(sample_warehouse))
    assert list(at.warning) == []


def test_a_missing_warehouse_is_a_page_with_the_remedy(app, tmp_path):
    at = app(tmp_path / "none.warehouse")
    assert list(at.exception) == []
    assert at.title[0].value == "No records to show"
    assert "There is no warehouse" in at.warning[0].value
    assert "vertebra load" in at.markdown[-2].value
    assert "Load data" in at.markdown[-1].value


def _run_cohort_of_a_page_without_records() -> None:
    from dashboard.app import show_cohort

    show_cohort(is_needed=False)


def test_the_first_records_can_be_loaded_where_there_are_none(tmp_path, monkeypatch):
    monkeypatch.setenv("VERTEBRA_WAREHOUSE", str(tmp_path / "none.warehouse"))
    at = AppTest.from_function(_run_cohort_of_a_page_without_records, default_timeout=120).run()
    assert list(at.exception) == []
    assert list(at.warning) == []


@pytest.mark.parametrize("contents", ["", "vertebra-pointer 2 x.duckdb 00", "not a pointer"])
def test_a_file_that_is_no_pointer_is_a_page_with_the_remedy(app, tmp_path, contents):
    (tmp_path / "w.warehouse").write_text(contents, encoding="utf-8")
    at = app(tmp_path / "w.warehouse")
    assert list(at.exception) == []
    assert "is not a warehouse that this version reads" in at.warning[0].value


def test_a_damaged_snapshot_is_a_page_with_the_remedy(app, tmp_path):
    warehouse = tmp_path / "w.warehouse"
    write_pointer(warehouse, Pointer("damaged.duckdb", "d" * 64))
    snapshot_folder(warehouse).mkdir()
    (snapshot_folder(warehouse) / "damaged.duckdb").write_bytes(b"not a database" * 400)
    at = app(warehouse)
    assert list(at.exception) == []
    assert "damaged" in at.warning[0].value
    assert "Load the records again" in at.markdown[-1].value


def test_a_fault_of_ours_is_told_in_words_and_not_as_a_traceback(
    app, sample_warehouse, monkeypatch
):
    def fail(*_args, **_named):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("dashboard.views.overview.load_result", fail)
    at = app(sample_warehouse)
    assert list(at.exception) == []
    assert "a fault in the program" in at.warning[0].value
