"""A REDCap export is read by its dictionary, and what cannot be told from it is asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from etl.sources.redcap.dictionary import read_dictionary
from warehouse.errors import IdentifiersFound, SourceUnreadable

from .conftest import line, records_of

RECORD = line("record_id", "baseline", label="Study number")
CASE = [
    RECORD,
    line("technique", "baseline", "radio", "1, Kyphoplasty | 2, Vertebroplasty | 9, Unknown"),
    line("surgery_date", "baseline", validation="date_mdy"),
    line("pain", "visit", validation="integer"),
    line("complications", "visit", "checkbox", "1, None | 2, Leak | -9, Other"),
    line("remark", "visit", "notes"),
]
BOXES = "complications___1,complications___2,complications____9"
LONGITUDINAL = [
    f"record_id,redcap_event_name,technique,surgery_date,baseline_complete,pain,{BOXES},remark,visit_complete",
    "1,baseline_arm_1,1,2024-03-05,2,8,0,0,0,,2",
    "1,day_1_arm_1,,,,4,0,1,0,slept,2",
    "1,week_6_arm_1,,,,2,0,0,0,,0",
    "2,baseline_arm_1,9,2024-04-01,2,7,1,0,0,,1",
]  # fmt: skip
DAYS = {"baseline_arm_1": 0, "day_1_arm_1": 1, "week_6_arm_1": 42}


def rules(project) -> dict[tuple[str, str], tuple[int, int]]:
    return {(f.rule, f.column): (f.count, f.of) for f in project.findings}


def test_events_without_a_day_are_refused_with_the_lines_to_add(read_project: Callable) -> None:
    with pytest.raises(SourceUnreadable) as refusal:
        read_project(CASE, LONGITUDINAL, event_days={"baseline_arm_1": 0})
    message = str(refusal.value)
    assert "2 of its events have no day" in message
    assert '[visits]\n    "day_1_arm_1" = \n    "week_6_arm_1" = ' in message
    assert '"baseline_arm_1" = ' not in message


def test_declared_days_stand_beside_their_events(read_project: Callable) -> None:
    project = read_project(CASE, LONGITUDINAL, event_days=DAYS)
    baseline, visit = project.tables
    assert [(table.name, table.records) for table in project.tables] == [
        ("baseline", 2),
        ("visit", 4),
    ]
    assert visit.header[:3] == ("record_id", "redcap_event_name", "redcap_event_day")
    assert [(r["redcap_event_day"], r["pain"]) for r in records_of(visit)] == [
        ("0", "8"), ("1", "4"), ("42", "2"), ("0", "7"),
    ]  # fmt: skip
    assert [visit.place_of(n) for n in (1, 4)] == ["line 2", "line 5"]
    assert [record["surgery_date"] for record in records_of(baseline)] == [
        "2024-03-05",
        "2024-04-01",
    ]


def test_an_undated_event_has_no_day_and_decimals_are_kept(read_project: Callable) -> None:
    days = {"baseline_arm_1": -0.5, "day_1_arm_1": 0.083, "week_6_arm_1": "undated"}
    visit = read_project(CASE, LONGITUDINAL, event_days=days).tables[1]
    assert [r["redcap_event_day"] for r in records_of(visit)] == ["-0.5", "0.083", "", "-0.5"]


@pytest.mark.parametrize("day", ["6 weeks", True, None, float("nan")])
def test_a_day_that_is_no_number_is_refused(read_project: Callable, day: object) -> None:
    with pytest.raises(SourceUnreadable, match="Allowed: a number of days"):
        read_project(CASE, LONGITUDINAL, event_days=DAYS | {"day_1_arm_1": day})


def test_days_for_a_project_without_events_are_refused(read_project: Callable) -> None:
    with pytest.raises(SourceUnreadable, match="no column 'redcap_event_name'"):
        read_project([RECORD], ["record_id,baseline_complete", "1,2"], event_days={"a": 1})


def test_a_zero_is_no_only_where_the_question_was_asked(read_project: Callable) -> None:
    visit = read_project(CASE, LONGITUDINAL, event_days=DAYS).tables[1]
    boxes = [
        [r["complications___1"], r["complications___2"], r["complications____9"]]
        for r in records_of(visit)
    ]
    # Complete without a tick: no. Ticked: the others no. Incomplete: missing. Unverified: no.
    assert boxes == [["0", "0", "0"], ["0", "1", "0"], ["", "", ""], ["1", "0", "0"]]


def test_a_box_that_branching_may_have_hidden_is_missing_unless_ticked(
    read_project: Callable,
) -> None:
    lines = [RECORD, line("kind", "baseline", "checkbox", "1, A | 2, B", branching="[x]='1'")]
    header = "record_id,kind___1,kind___2,baseline_complete"
    table = read_project(lines, [header, "1,0,0,2", "2,1,0,2"]).tables[0]
    assert [(r["kind___1"], r["kind___2"]) for r in records_of(table)] == [("", ""), ("1", "0")]


def test_a_ticked_missing_data_code_makes_the_boxes_missing(read_project: Callable) -> None:
    lines = [RECORD, line("kind", "baseline", "checkbox", "1, A | 2, B")]
    header = "record_id,kind___1,kind___2,kind___nask,baseline_complete"
    project = read_project(lines, [header, "1,0,0,1,2", "2,0,0,0,2"])
    assert project.tables[0].header == ("record_id", "kind___1", "kind___2", "baseline_complete")
    found = [(r["kind___1"], r["kind___2"]) for r in records_of(project.tables[0])]
    assert found == [("", ""), ("0", "0")]
    assert "kind___nask" in project.dropped


def test_repeating_events_keep_their_instance_on_every_form(read_project: Callable) -> None:
    text = [
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,technique,"
        f"surgery_date,baseline_complete,pain,{BOXES},remark,visit_complete",
        "1,session_arm_1,,1,1,2024-03-05,2,8,0,0,0,,2",
        "1,session_arm_1,,2,2,2024-09-05,2,6,0,0,0,,2",
    ]
    baseline, visit = read_project(CASE, text, event_days={"session_arm_1": 0}).tables
    keys = [(r["record_id"], r["redcap_repeat_instance"]) for r in records_of(baseline)]
    assert keys == [("1", "1"), ("1", "2")]
    assert [r["pain"] for r in records_of(visit)] == ["8", "6"]


def test_cells_outside_a_repeating_form_are_counted(read_project: Callable) -> None:
    lines = [RECORD, line("sex", "baseline"), line("pain", "visit", validation="integer")]
    text = [
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,baseline_complete,pain,visit_complete",
        "1,,,f,2,,",
        "1,visit,1,,,4,2",
        "1,visit,2,m,,5,2",
    ]  # fmt: skip
    project = read_project(lines, text)
    assert [table.records for table in project.tables] == [1, 2]
    assert rules(project)["cells_outside_their_form", ""] == (1, 3)


def test_missing_codes_are_counted_and_left_for_the_mapping(read_project: Callable) -> None:
    lines = [
        RECORD,
        line("asa", "baseline", "radio", "1, One | 2, Two"),
        line("pain", "baseline", validation="number"),
    ]
    text = ["record_id,asa,pain,baseline_complete", "1,-9,NASK,2", "2,1,3.5,2", '3,7,"3,5",2']
    project = read_project(lines, text)
    found = rules(project)
    assert found["missing_data_code", "asa"] == (1, 3)
    assert found["missing_data_code", "pain"] == (1, 3)
    assert found["value_not_of_type", "asa"] == (1, 3)
    assert found["value_not_of_type", "pain"] == (1, 3)
    assert [r["pain"] for r in records_of(project.tables[0])] == ["NASK", "3.5", "3,5"]
    assert not any("3,5" in f.note for f in project.findings)


def test_a_point_in_a_comma_field_is_counted_and_not_read_as_a_thousand(
    read_project: Callable,
) -> None:
    lines = [RECORD, line("dose", "baseline", validation="number_2dp_comma_decimal")]
    project = read_project(lines, ["record_id,dose,baseline_complete", '1,"1,50",2', "2,1.500,2"])
    assert [r["dose"] for r in records_of(project.tables[0])] == ["1.50", "1.500"]
    assert rules(project)["value_not_of_type", "dose"] == (1, 2)


def test_dates_that_a_spreadsheet_respelt_are_refused_by_line(read_project: Callable) -> None:
    text = [line_.replace("2024-04-01", "04/01/2024") for line_ in LONGITUDINAL]
    with pytest.raises(SourceUnreadable) as refusal:
        read_project(CASE, text, event_days=DAYS)
    assert "export.csv, line 5, column 'surgery_date'" in str(refusal.value)
    assert "04/01/2024" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        ["Study number,Technique,Complete?", "1,Kyphoplasty,Complete"],
        ["record_id,technique,baseline_complete", "1,Kyphoplasty,2", "2,Vertebroplasty,2"],
        ["record_id,technique,baseline_complete", "1,1,Complete", "2,2,Incomplete"],
    ],
)
def test_an_export_of_labels_is_refused_with_the_remedy(
    read_project: Callable, text: list[str]
) -> None:
    with pytest.raises(SourceUnreadable, match="label") as refusal:
        read_project(CASE[:2], text)
    assert "raw data" in str(refusal.value)


def test_a_repeating_form_named_by_its_label_is_refused(read_project: Callable) -> None:
    text = [
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,technique,baseline_complete",
        "1,Baseline form,1,1,2",
    ]
    with pytest.raises(SourceUnreadable, match="line 2, column 'redcap_repeat_instrument'"):
        read_project(CASE[:2], text)


def test_columns_and_fields_that_lack_a_partner_are_findings(read_project: Callable) -> None:
    project = read_project(CASE[:3], ["record_id,technique,extra,baseline_complete", "1,1,x,2"])
    found = rules(project)
    assert ("column_not_in_dictionary", "extra") in found
    assert ("field_not_in_export", "surgery_date") in found
    assert "extra" not in project.tables[0].header


def test_fields_that_identify_by_their_validation_go_too(read_project: Callable) -> None:
    lines = [
        RECORD,
        line("contact", "baseline", validation="email"),
        line("scan", "baseline", "file"),
    ]
    project = read_project(lines, ["record_id,contact,scan,baseline_complete", "1,a@b.org,x,2"])
    assert project.tables[0].header == ("record_id", "baseline_complete")
    assert set(project.dropped) == {"contact", "scan"}


def test_kept_identifiers_stay_for_de_identification(read_project: Callable) -> None:
    lines = [
        line("mrn", "baseline", identifier="y"),
        line("born", "baseline", validation="date_dmy", identifier="y"),
        line("surname", "baseline", identifier="y"),
    ]
    text = ["mrn,born,surname,baseline_complete", "77,1950-01-31,Rose,2"]
    with pytest.raises(IdentifiersFound, match="'mrn'"):
        read_project(lines, text)
    project = read_project(lines, text, keep_identifiers={"mrn", "born"})
    assert project.dropped == {"surname": "marked as an identifier in the dictionary"}
    assert project.tables[0].header == ("mrn", "born", "baseline_complete")
    assert project.privacy["baseline"] == {"mrn": "id", "born": "date", "baseline_complete": "code"}


def test_every_column_of_every_table_has_a_privacy_kind(read_project: Callable) -> None:
    project = read_project(CASE, LONGITUDINAL, event_days=DAYS)
    for table in project.tables:
        assert set(project.privacy[table.name]) == set(table.header)
    assert project.privacy["visit"]["remark"] == "free text"
    assert project.privacy["visit"]["pain"] == "number"


def test_a_record_that_cannot_be_read_is_a_fault_of_every_form(read_project: Callable) -> None:
    text = [*LONGITUDINAL, "3,baseline_arm_1,1", ",baseline_arm_1,1,2024-03-05,2,8,0,0,0,,2"]
    project = read_project(CASE, text, event_days=DAYS)
    for table in project.tables:
        assert [line_ for line_, _ in table.faults] == [6, 7]
    assert [table.records for table in project.tables] == [2, 4]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^"])
def test_an_export_with_another_delimiter_is_read_by_its_first_column(
    read_project: Callable, delimiter: str
) -> None:
    text = [line_.replace(",", delimiter) for line_ in LONGITUDINAL]
    project = read_project(CASE, text, event_days=DAYS)
    assert [table.records for table in project.tables] == [2, 4]


def test_forms_longer_than_one_line_keep_their_places(read_project: Callable) -> None:
    lines = [RECORD, line("remark", "baseline", "notes"), line("pain", "baseline")]
    text = 'record_id,remark,pain,baseline_complete\r\n1,"two\r\nlines, ""so""",3,2\r\n2,,4,2\r\n'
    table = read_project(lines, text).tables[0]
    assert [table.place_of(n) for n in (1, 2)] == ["line 2", "line 4"]
    assert records_of(table)[0]["remark"] == 'two\r\nlines, "so"'


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([RECORD, line("sex", "baseline", "radio", "1, A | 1, B")], "stands for two choices"),
        ([RECORD, line("sex", "baseline", "radio")], "has no choices"),
        ([RECORD, line("sex", "")], "needs a name, a form and a type"),
        ([RECORD, RECORD], "is named twice"),
        ([], "names no field"),
    ],
)
def test_a_dictionary_that_cannot_be_understood_is_refused(
    read_project: Callable, lines: list, problem: str
) -> None:
    with pytest.raises(SourceUnreadable, match=problem):
        read_project(lines, ["record_id,baseline_complete", "1,2"])


def test_a_file_that_is_no_dictionary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("record_id,pain\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="no REDCap data dictionary"):
        read_dictionary(path, workspace=tmp_path)


def test_the_dictionary_of_the_programming_interface_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "metadata.csv"
    path.write_text(
        "field_name,form_name,section_header,field_type,field_label,"
        "select_choices_or_calculations,field_note,text_validation_type_or_show_slider_number,"
        "identifier,branching_logic\n"
        "record_id,baseline,,text,Number,,,,,\n"
        'aware,baseline,,yesno,Aware?,,,,y,"[a] = ""1"""\n',
        encoding="utf-8",
    )
    aware = read_dictionary(path, workspace=tmp_path).fields[1]
    assert (aware.choices, aware.is_identifier, aware.has_branching) == (
        {"1": "Yes", "0": "No"},
        True,
        True,
    )
