"""The Load data page in each of its states, on warehouses of its own."""

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from dashboard import intake
from dashboard.uploads import Dropped
from dashboard.views import load_data
from etl.demonstration import holds_only_the_sample
from etl.history import read_loads
from etl.lock import hold_lock
from etl.pipeline import load
from warehouse.settings import Settings
from warehouse.snapshot import read_pointer, snapshot_folder

SLOWEST_RUN_SECONDS = 120
COLUMNS = "procedure_id,patient_id,site_id,procedure_year,technique,cause"
OWN = """Case No,Surgeon,Site,Year,Procedure type,Cause,Age,Sex,VAS pre,VAS 6w,Date of birth,Notes
C1,S1,A,2023,BKP,cancer,72,F,8,2,1950-02-03,
C2,S1,A,2023,PVP,osteoporosis,66,M,7,3,1957-02-03,did well on the ward after all
C3,S2,A,2024,BKP,trauma,81,F,9,4,1941-02-03,
"""
BORN = "1957-02-03"


def procedures(count: int, *, wrong: int = 0, first: int = 0) -> str:
    """Return a canonical file; the technique of its first `wrong` records is no technique."""
    lines = [
        f"C{n},P{n},A,2024,{'magic' if n - first < wrong else 'kyphoplasty'},osteoporosis"
        for n in range(first, first + count)
    ]
    return "\n".join([COLUMNS, *lines]) + "\n"


def _run_page() -> None:
    from dashboard.views import load_data

    load_data.show()


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the page's warehouse is to be; nothing is there yet."""
    pointer = tmp_path / "own" / "vertebra.warehouse"
    monkeypatch.setenv("VERTEBRA_WAREHOUSE", str(pointer))
    return pointer


@pytest.fixture(scope="module")
def five_procedures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse with five procedures published, of which the tests take copies."""
    folder = tmp_path_factory.mktemp("five")
    (folder / "procedures.csv").write_text(procedures(5), encoding="utf-8")
    load([folder / "procedures.csv"], Settings(folder / "own" / "vertebra.warehouse"))
    return folder / "own" / "vertebra.warehouse"


@pytest.fixture
def filled(warehouse: Path, five_procedures: Path) -> Path:
    """Return the warehouse with five procedures published."""
    shutil.copytree(five_procedures.parent, warehouse.parent)
    return warehouse


@pytest.fixture
def drop(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that opens the page and drops files, given as name and text."""
    managers: list[MemoryUploadedFileManager] = []
    make = MemoryUploadedFileManager.__init__

    def remember(self, *given, **named):
        make(self, *given, **named)
        managers.append(self)

    monkeypatch.setattr(MemoryUploadedFileManager, "__init__", remember)

    def dropped(*files: tuple[str, str | bytes]) -> AppTest:
        at = AppTest.from_function(_run_page, default_timeout=SLOWEST_RUN_SECONDS).run()
        for name, text in files:
            at.file_uploader[0].upload(name, text.encode() if isinstance(text, str) else text)
        return at.run()

    return dropped


def said(at: AppTest) -> str:
    """Return every word of the page."""
    assert list(at.exception) == []
    texts = [element.proto.body for element in at.get("html")]
    shown = (*at.title, *at.header, *at.subheader, *at.info, *at.warning, *at.markdown)
    return " ".join([*texts, *(element.value for element in shown)])


def keys(at: AppTest) -> list[str | None]:
    return [button.key for button in at.button]


def check(at: AppTest) -> AppTest:
    return at.button(key="check_files").click().run()


def publish(at: AppTest) -> AppTest:
    return at.button(key="publish").click().run()


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def uploaded(warehouse: Path) -> list[Path]:
    """Return what lies on disk of dropped files."""
    return list((snapshot_folder(warehouse) / "uploads").glob("*"))


def test_without_files_the_page_says_what_is_accepted_refused_and_where_it_stays(filled, drop):
    at = drop()
    for word in ("Accepted:", "Refused:", "Where it stays:", "5 of 5 procedures kept"):
        assert word in said(at)
    assert "sample" not in said(at)
    assert keys(at) == []


def test_a_check_of_canonical_files_counts_and_publishes_nothing(filled, drop):
    before = filled.read_bytes()
    at = check(drop(("procedures.csv", procedures(7))))
    assert "canonical table: Procedures" in said(at)
    assert list(at.text_area) == []
    assert f"nothing was published. Snapshot {read_pointer(filled).snapshot_id} is" in said(at)
    # 7 read: 5 are there already, 2 are new
    assert '"Read">7<' in said(at)
    assert '"Fit to load">2<' in said(at)
    assert '"Unchanged">5<' in said(at)
    assert filled.read_bytes() == before
    assert uploaded(filled) == []


def test_publishing_shows_the_new_snapshot_with_links_and_lets_go_of_the_files(filled, drop):
    at = publish(check(drop(("procedures.csv", procedures(7)))))
    assert f"Every page shows snapshot {read_pointer(filled).snapshot_id} now" in said(at)
    assert "7 of 7 procedures kept" in said(at)
    assert [link.proto.page for link in at.get("page_link")] == ["", "data-quality"]
    assert at.file_uploader[0].value == []
    assert at.session_state["linked_snapshot"] == read_pointer(filled).snapshot_id
    assert uploaded(filled) == []


def test_the_servers_copy_in_memory_goes_with_publishing(filled, drop, monkeypatch):
    freed = []
    remove = MemoryUploadedFileManager.remove_file

    def note(self, session_id, file_id):
        freed.append(file_id)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", note)
    at = check(drop(("procedures.csv", procedures(7))))
    held = [file.file_id for file in at.file_uploader[0].value]
    assert freed == []
    publish(at)
    assert freed == held


def test_the_first_load_makes_the_warehouse(warehouse, drop):
    at = check(drop(("procedures.csv", procedures(3))))
    assert "The warehouse holds no records yet" in said(at)
    assert "3 of 3 procedures kept" in said(publish(at))


def test_loading_the_same_files_again_says_that_nothing_changed(filled, drop):
    snapshot = read_pointer(filled).snapshot_id
    at = check(drop(("procedures.csv", procedures(5))))
    assert "publishing changes nothing" in said(at)
    at = publish(at)
    assert "Nothing changed: every record was there already" in said(at)
    assert f"Snapshot {snapshot} is shown still" in said(at)


def test_refused_records_are_told_with_reason_and_place(filled, drop):
    at = check(drop(("procedures.csv", procedures(30, wrong=1, first=100))))
    assert "1\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}30" in said(at)
    assert "technique: &#x27;magic&#x27; (line 2); allowed: kyphoplasty" in said(at)
    assert next(block.label for block in at.expander) == "Refused records, and why"
    assert "quarantine" in said(at)
    assert "publish" in keys(at)


def test_too_many_refused_records_stop_the_load_in_words(filled, drop):
    snapshot = read_pointer(filled).snapshot_id
    at = check(drop(("procedures.csv", procedures(10, wrong=4, first=100))))
    assert f"Refused; nothing was published. Snapshot {snapshot} is shown still" in said(at)
    assert "4 of 10 records are refused (40.0%, allowed 5.0%)" in said(at)
    assert "publish" not in keys(at)


def test_remedies_are_what_can_be_done_on_the_page(filled, drop):
    at = check(drop(("procedures.csv", procedures(10, wrong=4, first=100))))
    assert "Correct the records below in your source and drop it again" in said(at)
    assert "write max_refused into vertebra.toml beside the warehouse" in said(at)
    assert "--" not in said(at).replace("--warehouse", "")


def test_with_a_mapping_the_remedy_is_in_the_mapping(filled, drop):
    at = reviewed(drop(("own.csv", OWN)))
    strict = at.text_area[0].value.replace('"BKP" = "kyphoplasty", ', "")
    at = check(at.text_area[0].set_value(strict).run())
    assert "change max_refused or the rule&#x27;s own line under [thresholds]" in said(at)


def test_before_publishing_the_page_tells_how_small_the_groups_are(filled, drop):
    at = check(drop(("procedures.csv", procedures(7))))
    # 5 published and 2 new, all of site A in 2024
    line = "the smallest group has 7 patients; 7 of 7 procedures (100.0%) are in groups of under 11"
    assert line in said(at)
    assert "publish" in keys(at)


def test_files_that_hold_every_record_remove_what_they_lack(filled, drop):
    at = check(drop(("procedures.csv", procedures(3))))
    assert "publishing changes nothing" in said(at)
    at = at.checkbox[0].check().run()
    assert "publish" not in keys(at)
    at = check(at)
    assert "that the files lack are removed: 2 of 5 in Procedures." in said(at)
    assert "3 of 3 procedures kept" in said(publish(at))


def test_a_first_load_is_not_asked_whether_it_holds_every_record(warehouse, drop):
    at = drop(("procedures.csv", procedures(3)))
    assert list(at.checkbox) == []


def test_refused_records_are_offered_as_a_file_that_loads_once_corrected(filled, drop):
    at = check(drop(("procedures.csv", procedures(30, wrong=1, first=100))))
    [button] = [b for b in at.get("download_button") if "refused" in b.proto.label]
    folder = Path(read_loads(filled)["quarantine"][0])
    name, content = intake.quarantine_file(snapshot_folder(filled) / "quarantine" / folder)
    assert (name, button.proto.id != "") == ("procedures.csv", True)
    corrected = content.decode().replace("magic", "kyphoplasty")
    assert '"Fit to load">1<' in said(check(drop((name, corrected))))


def test_refused_records_of_several_tables_are_one_zip(tmp_path):
    assert intake.quarantine_file(tmp_path) is None
    for table in ("leaks", "procedures"):
        (tmp_path / f"{table}.csv").write_text(f"{table}\n", encoding="utf-8")
    name, content = intake.quarantine_file(tmp_path)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert name == "refused_records.zip"
        assert archive.namelist() == ["leaks.csv", "procedures.csv"]
        assert archive.read("leaks.csv") == b"leaks\n"


def test_identifiers_are_told_by_column_kind_and_count_and_nothing_is_kept(filled, drop):
    known = files_below(filled.parent)
    lines = procedures(30).splitlines()[1:]
    text = "\n".join([f"{COLUMNS},birth_date", *(f"{line},{BORN}" for line in lines)]) + "\n"
    at = check(drop(("procedures.csv", text)))
    assert "something in the files identifies people" in said(at)
    assert "column &#x27;birth_date&#x27;: birth date, in 30 cells" in said(at)
    assert BORN not in said(at)
    assert at.file_uploader[0].value == []
    present = files_below(filled.parent)
    assert {path.name for path in present if path not in known} <= {"history.sqlite-wal"}
    assert [path for path in present if BORN.encode() in path.read_bytes()] == []


def test_other_tables_get_a_proposal_with_confidences_and_identifying_columns(warehouse, drop):
    at = drop(("own.csv", OWN))
    assert "delimited text" in said(at)
    assert 'technique = { column = "Procedure type"' in at.text_area[0].value
    assert '<th scope="row">likely</th>' in said(at)
    assert "Still marked &quot;ask&quot;" in said(at) or 'Still marked "ask": patient_id' in said(
        at
    )
    row = '<th scope="row">Date of birth</th><td data-column="Table">own.csv</td>'
    assert row + '<td data-column="Kind">birth date</td>' in said(at)
    assert BORN not in said(at) + at.text_area[0].value
    assert "did well" not in said(at) + at.text_area[0].value


def reviewed(at: AppTest) -> AppTest:
    text = at.text_area[0].value.replace('# ask: patient_id = "?"', 'patient_id = "Case No"')
    at.text_area[0].set_value(text).run()
    return at.button(key="reviewed").click().run()


def test_a_mapping_is_reviewed_before_it_can_be_tried(warehouse, drop):
    at = drop(("own.csv", OWN))
    assert "check_files" not in keys(at)
    at = reviewed(at)
    assert "reviewed = true" in at.text_area[0].value
    assert "check_files" in keys(at)


def test_a_mapped_load_is_that_of_the_command(warehouse, drop, tmp_path):
    at = reviewed(drop(("own.csv", OWN)))
    (tmp_path / "own.csv").write_text(OWN, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(at.text_area[0].value, encoding="utf-8")
    commanded = load(
        [tmp_path / "own.csv"],
        Settings(tmp_path / "commanded.warehouse"),
        mapping=tmp_path / "mapping.toml",
    )
    publish(check(at))
    assert read_pointer(warehouse).snapshot_id == commanded.snapshot


def test_an_edit_after_the_check_asks_for_another_check(warehouse, drop):
    at = check(reviewed(drop(("own.csv", OWN))))
    assert "publish" in keys(at)
    at.text_area[0].set_value(at.text_area[0].value.replace('"BKP"', '"bkp"')).run()
    assert "publish" not in keys(at)


def test_a_fault_of_the_mapping_is_told_by_its_line(warehouse, drop):
    at = reviewed(drop(("own.csv", OWN)))
    text = at.text_area[0].value.replace('"Procedure type"', '"No such column"')
    at = check(at.text_area[0].set_value(text).run())
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "No such column" in words)
    assert f"mapping.toml, line {line}" in said(at)
    assert "nothing was published" in said(at)


def test_a_mapping_that_is_dropped_too_stands_in_place_of_a_proposal(warehouse, drop):
    mapping = reviewed(drop(("own.csv", OWN))).text_area[0].value
    at = drop(("own.csv", OWN), ("ours.toml", mapping))
    assert at.text_area[0].value == mapping
    assert at.header[-2].value == "Your mapping"
    assert "check_files" in keys(at)


def test_a_mapping_that_uses_what_identifies_is_refused_and_kept_for_the_next_try(warehouse, drop):
    at = reviewed(drop(("own.csv", OWN)))
    text = at.text_area[0].value.replace('surgeon_id = "Surgeon"', 'surgeon_id = "Date of birth"')
    at = check(at.text_area[0].set_value(text).run())
    assert "identifies people" in said(at)
    assert BORN not in said(at)
    assert at.file_uploader[0].value == []
    at.file_uploader[0].upload("own.csv", OWN.encode())
    assert at.run().text_area[0].value == text


def test_a_first_line_that_is_a_record_is_not_shown(warehouse, drop):
    at = drop(("own.csv", "C1,S1,BKP,72,1950-02-03\nC2,S1,PVP,66,1957-02-03\n"))
    assert "a column with an identifying name: date, in 1 cell" in said(at)
    assert "1950-02-03" not in said(at)
    assert list(at.text_area) == []


def test_a_sheet_named_after_somebody_is_not_shown(warehouse, drop):
    book, held = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Dr Examplesson"
    book.active.append(["Case No", "Technique"])
    book.active.append(["C1", "BKP"])
    book.save(held)
    at = drop(("book.xlsx", held.getvalue()))
    assert "the name of a sheet" in said(at)
    assert "Examplesson" not in said(at)
    assert at.file_uploader[0].value == []


def test_tables_about_something_else_get_no_lines_and_say_so(warehouse, drop):
    at = drop(("own.csv", "apples,pears\n1,2\n3,4\n"))
    assert "Write the mapping by hand" in said(at)


def test_omop_tables_that_are_dropped_together_are_read_as_one_export(warehouse, drop):
    at = drop(
        ("person.csv", "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n"),
        ("procedure_occurrence.csv", "procedure_occurrence_id,person_id\n1,1\n"),
        ("concept.csv", "concept_id,concept_code\n1,22513\n"),
    )
    assert "required field procedure_concept_id" in said(at)
    assert "Needed by version 5.4 of the CDM" in said(at)


def test_a_file_that_cannot_be_read_is_told_in_words(filled, drop):
    at = drop(("broken.xlsx", b"no workbook"))
    assert "cannot be read as they stand" in said(at)
    assert "broken.xlsx" in said(at)
    assert keys(at) == []


def test_a_busy_warehouse_is_told_in_words(filled, drop):
    at = drop(("procedures.csv", procedures(7)))
    with hold_lock(filled, datetime.now(UTC)):
        at = check(at)
    assert "The warehouse cannot be loaded now; nothing was published" in said(at)
    assert "is being loaded by process" in said(at)
    assert "Wait until it has finished" in said(at)
    assert "Checked; nothing was published" in said(check(at))


def test_a_demo_checks_and_does_not_publish(filled, drop, monkeypatch):
    monkeypatch.setattr(load_data, "holds_only_the_sample", lambda warehouse: True)
    at = check(drop(("procedures.csv", procedures(7))))
    assert "your records would mix with it" in said(at)
    assert "vertebra serve --warehouse" in said(at)
    assert at.button(key="publish").disabled


def test_a_demo_is_told_from_a_practices_own_warehouse(sample_warehouse, filled, tmp_path):
    assert holds_only_the_sample(sample_warehouse)
    assert not holds_only_the_sample(filled)
    assert not holds_only_the_sample(tmp_path / "none.warehouse")


def test_a_file_named_after_somebody_is_called_by_its_number_everywhere(warehouse, drop):
    at = reviewed(drop(("Wilhelmina_Examplesson.csv", OWN)))
    at = publish(check(at))
    assert "Published" in said(at)
    assert "file_1.csv" in read_loads(warehouse)["files"][0]
    held = [p for p in files_below(warehouse.parent) if b"Examplesson" in p.read_bytes()]
    assert "Examplesson" not in said(at)
    assert held == []


def test_names_of_files_are_text_and_not_markup(warehouse, drop):
    at = drop(("<img src=x onerror=alert(1)>.xlsx", b"no workbook"))
    assert "<img" not in said(at)


def test_a_session_that_ends_in_the_middle_leaves_the_warehouse_as_it_was(filled):
    before = filled.read_bytes()

    def end(words: str, share: float) -> None:
        if words == "Preparing outcomes":
            raise StopException

    dropped = [Dropped("procedures.csv", memoryview(procedures(7).encode()))]
    with pytest.raises(StopException):
        intake.run_load(dropped, "", filled, publishes=True, progress=end)
    assert filled.read_bytes() == before
    assert uploaded(filled) == []
    assert list(snapshot_folder(filled).glob("*.building*")) == []
