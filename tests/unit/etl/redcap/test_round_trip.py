"""Whatever project REDCap may export comes back cell for cell."""

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.redcap.export import read_redcap
from etl.sources.redcap.layout import checkbox_column

from .conftest import DICTIONARY_HEADER, line, records_of

PLAIN = settings(deadline=None, derandomize=True, max_examples=40)
CODES = ["1", "2", "-9", "a b"]
KINDS = {
    "note": ("notes", "", "", st.text("ab\"', ;\n\u00e9\u4e2d", min_size=1, max_size=9)),
    "count": ("text", "", "integer", st.integers(-99, 9999).map(str)),
    "share": ("text", "", "number_2dp_comma_decimal", st.integers(0, 999).map(lambda n: f"{n},25")),
    "day": ("text", "", "date_dmy", st.dates().map(str)),
    "arm": ("radio", " | ".join(f"{c}, Choice {c}" for c in CODES), "", st.sampled_from(CODES)),
}  # fmt: skip
BOX_CHOICES = "1, First | -9, Other"


@dataclass(frozen=True)
class Project:
    """A made-up project: its dictionary, its export, and what each form has to hold."""

    dictionary: list[list[str]]
    header: list[str]
    export: list[list[str]]
    expected: dict[str, list[dict[str, str]]]


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Draw forms of random fields, and records of which some forms are filled in."""
    kinds_of_form = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4)
    forms = draw(st.lists(kinds_of_form, min_size=1, max_size=3))
    dictionary, header = [line("record_id", "form0")], ["record_id"]
    for place, kinds in enumerate(forms):
        for number, kind in enumerate(kinds):
            field_type, choices, validation, _ = KINDS[kind]
            name = f"f{place}_{number}"
            dictionary.append(line(name, f"form{place}", field_type, choices, validation))
            header.append(name)
        dictionary.append(line(f"b{place}", f"form{place}", "checkbox", BOX_CHOICES))
        header += [checkbox_column(f"b{place}", code) for code in ("1", "-9")]
        header.append(f"form{place}_complete")
    expected: dict[str, list[dict[str, str]]] = {f"form{n}": [] for n in range(len(forms))}
    export = []
    for record in range(draw(st.integers(0, 5))):
        cells = {"record_id": f"R{record}"}
        for place, kinds in enumerate(forms):
            form = _filled(draw, place, kinds) if draw(st.booleans()) else {}
            cells |= {name: text for name, (text, _) in form.items()}
            if form:
                told = {name: told for name, (_, told) in form.items()}
                expected[f"form{place}"].append({"record_id": f"R{record}"} | told)
        export.append([cells.get(name, "") for name in header])
    return Project(dictionary, header, export, expected)


def _filled(draw: st.DrawFn, place: int, kinds: list[str]) -> dict[str, tuple[str, str]]:
    """Return column -> (text in the export, text to be read) of a complete form."""
    cells = {}
    for number, kind in enumerate(kinds):
        text = draw(KINDS[kind][3])
        told = text.replace(",", ".") if kind == "share" else text
        exported = f" {text}" if text.startswith("-") else text
        cells[f"f{place}_{number}"] = (exported if kind != "note" else text, told)
    for code in ("1", "-9"):
        tick = draw(st.sampled_from("01"))
        cells[checkbox_column(f"b{place}", code)] = (tick, tick)
    return cells | {f"form{place}_complete": ("2", "2")}


@PLAIN
@given(projects())
def test_a_random_project_comes_back_cell_for_cell(project: Project) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dictionary, export = Path(folder) / "d.csv", Path(folder) / "e.csv"
        _write(dictionary, [DICTIONARY_HEADER, *project.dictionary])
        _write(export, [project.header, *project.export])
        tables = read_redcap(export, dictionary, workspace=Path(folder))
        assert {table.name: records_of(table) for table in tables} == project.expected
        assert [len(table.places) for table in tables] == [table.records for table in tables]


def _write(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
