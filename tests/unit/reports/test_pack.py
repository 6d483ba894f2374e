"""A pack says one thing in every format, says it the same way twice, and withholds what it must."""

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta

import openpyxl
import pypdf
import pytest

from analysis.cohort import Cohort
from reports.pack import check_formats, write_pack
from reports.words import WITHHELD, WITHHELD_GLYPH
from warehouse.errors import SourceUnreadable, WarehouseUnavailable


@pytest.fixture
def packed(warehouse, outcomes, clock, tmp_path):
    """Return a function that writes another pack of every format and returns its folder."""

    def write(audience, *, cohort=None, of=warehouse):
        folder = tmp_path / "pack"
        write_pack(
            of, cohort or Cohort(), ("all",), audience, folder, clock=clock, outcomes=outcomes
        )
        return folder

    return write


def only(folder, suffix):
    (path,) = folder.glob(f"*.{suffix}")
    return path


def text_of_pdf(folder):
    pages = pypdf.PdfReader(only(folder, "pdf")).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def rows_of_workbook(folder):
    sheet = openpyxl.load_workbook(only(folder, "xlsx"))["Measures"]
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_same_number_stands_in_csv_workbook_and_pdf(packs, measures_of_pack):
    folder = packs["inside"]
    # 612 x 0.62 x 0.6 = 227.7 -> 228 of 612 = 37.254... %
    csv_rows = measures_of_pack(folder)
    (csv_row,) = csv_rows.query(
        "cause == 'osteoporosis' and technique == 'kyphoplasty' and at == 14"
    ).to_dict("records")
    (sheet_row,) = [
        row
        for row in rows_of_workbook(folder)
        if (row["cause"], row["technique"], row["at"]) == ("osteoporosis", "kyphoplasty", "14")
    ]
    assert (csv_row["n"], csv_row["N"]) == (sheet_row["n"], sheet_row["N"]) == (228, 612)
    assert csv_row["value"] == pytest.approx(228 / 612, abs=1e-12)
    assert sheet_row["value"] == pytest.approx(csv_row["value"], abs=1e-12)
    assert "228 / 612 37.3% 32.3% to 42.3%" in text_of_pdf(folder)


def test_inside_nothing_is_withheld(packs, measures_of_pack):
    folder = packs["inside"]
    measures = measures_of_pack(folder)
    assert not measures["suppressed"].any()
    assert "7 / 1,402" in text_of_pdf(folder)
    assert WITHHELD not in text_of_pdf(folder)


def test_outside_no_file_holds_a_count_of_1_to_10(packs, measures_of_pack):
    folder = packs["outside"]
    measures = measures_of_pack(folder)
    for numbers in (measures["n"], measures["N"], measures["N"] - measures["n"]):
        assert not numbers.between(1, 10).any()
    assert measures["suppressed"].any()
    words = text_of_pdf(folder)
    # Bleeding: 7 of 1,402, and its result's own title and summary say so.
    assert "7 / 1,402" not in words
    assert "7 of 1,402" not in words
    assert "0.5%" not in words
    assert WITHHELD in words
    for row in rows_of_workbook(folder):
        assert not (isinstance(row["n"], int) and 1 <= row["n"] <= 10)


def test_outside_a_withheld_cell_of_the_workbook_shows_the_glyph_and_the_flag(packs):
    rows = rows_of_workbook(packs["outside"])
    (bleeding,) = [row for row in rows if row["measure"] == "complication_bleeding"]
    assert bleeding["suppressed"] is True
    assert [bleeding[name] for name in ("n", "N", "value")] == [WITHHELD_GLYPH] * 3
    (nerve,) = [row for row in rows if row["measure"] == "complication_nerve_injury"]
    assert nerve["suppressed"] is False
    assert (nerve["n"], nerve["N"], nerve["value"]) == (0, 1402, 0)


def test_outside_no_cell_of_any_sheet_returns_a_withheld_share(packs):
    book = openpyxl.load_workbook(only(packs["outside"], "xlsx"))
    shares = [
        cell
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, float)
    ]
    assert shares
    assert not any(share == pytest.approx(7 / 1402, abs=1e-9) for share in shares)


def test_text_that_would_run_is_neutralised_in_the_workbook(packs):
    rows = rows_of_workbook(packs["inside"])
    methods = {row["method"] for row in rows if row["measure"].startswith("complication_")}
    assert methods == {"'=HYPERLINK(1)"}


def test_the_workbook_draws_native_charts_of_the_cells_beside_them(packs):
    charts = openpyxl.load_workbook(only(packs["inside"], "xlsx"))["Charts"]._charts
    # Relief in three causes, complications in total.
    assert len(charts) == 4


def test_every_chart_of_the_workbook_names_its_axes_and_has_a_description(packs):
    with zipfile.ZipFile(only(packs["inside"], "xlsx")) as book:
        charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
        words = [re.findall(r"<a:t>([^<]+)</a:t>", book.read(name).decode()) for name in charts]
        drawing = book.read("xl/drawings/drawing1.xml").decode()
    by_day = ["Days after procedure", "Share with relief seen"]
    assert [said[1:] for said in words] == [by_day] * 3 + [["Share with the complication"]]
    assert drawing.count('descr="Relief seen by the day') == 3


@pytest.mark.parametrize("name", ["Cover", "Measures", "Charts", "Definitions", "Columns"])
def test_every_sheet_prints_on_the_width_of_one_page_with_its_snapshot(packs, name):
    sheet = openpyxl.load_workbook(only(packs["outside"], "xlsx"))[name]
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "Audience outside, snapshot" in sheet.oddFooter.left.text


def test_the_measures_sheet_keeps_and_repeats_its_header(packs):
    sheet = openpyxl.load_workbook(only(packs["outside"], "xlsx"))["Measures"]
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["Y"].width > 40
    assert sheet["Y1"].value == "note"
    assert (sheet["H1"].value, sheet["H1"].alignment.horizontal) == ("n", "right")


def test_outside_a_withheld_stratum_says_in_which_row_it_is_counted(packs, measures_of_pack):
    rows = measures_of_pack(packs["outside"])
    withheld = rows[rows["suppressed"] & rows["cause"].notna()]
    told = withheld["note"].dropna()
    assert len(told)
    assert told.str.startswith("counted in: ").all()
    assert measures_of_pack(packs["inside"])["note"].isna().all()


@pytest.mark.parametrize("audience", ["inside", "outside"])
def test_the_same_pack_is_the_same_bytes(packs, packed, audience):
    first, second = packs[audience], packed(audience)
    held = {path.name: path.read_bytes() for path in first.iterdir()}
    assert held == {path.name: path.read_bytes() for path in second.iterdir()}
    assert len(held) == 5


def test_another_moment_changes_the_stamp_and_not_the_numbers(warehouse, outcomes, clock, tmp_path):
    for name, now in (("early", clock), ("late", lambda: clock() + timedelta(hours=1))):
        write_pack(
            warehouse, Cohort(), ("csv",), "inside", tmp_path / name, clock=now, outcomes=outcomes
        )
    early, late = (tmp_path / name for name in ("early", "late"))
    assert (early / "measures.csv").read_bytes() == (late / "measures.csv").read_bytes()
    assert (early / "manifest.json").read_bytes() != (late / "manifest.json").read_bytes()


def test_the_manifest_names_every_file_with_its_checksum(packed):
    folder = packed("outside", cohort=Cohort(cause=("osteoporosis",)))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["name"]: file["sha256"] for file in manifest["files"]}
    assert listed == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    assert manifest["cohort"] == "cause=osteoporosis"
    assert manifest["audience"] == "outside"
    assert manifest["period"] == "2021-2024"
    assert manifest["definitions"]["relief_incidence"] == "E1 v1"
    assert manifest["snapshot"] in only(folder, "pdf").name


def test_every_page_of_the_pdf_says_cohort_snapshot_audience_and_moment(packs):
    folder = packs["outside"]
    snapshot = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["snapshot"]
    document = pypdf.PdfReader(only(folder, "pdf"))
    for number, page in enumerate(document.pages, start=1):
        words = page.extract_text()
        for needed in ("one index procedure a patient", snapshot, "Audience outside"):
            assert needed in words
        assert "2026-03-05 14:30 UTC" in words
        assert f"{number} of {len(document.pages)}" in words


def test_the_pdf_is_tagged_and_its_figures_have_alternative_text(packs):
    contents = only(packs["inside"], "pdf").read_bytes()
    document = pypdf.PdfReader(io.BytesIO(contents))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in document.xmp_metadata.stream.get_data()


def test_with_fewer_than_three_surgeons_outside_shows_totals_only(
    packed, small_warehouse, measures_of_pack
):
    folder = packed("outside", of=small_warehouse)
    shown = measures_of_pack(folder).query("not suppressed")
    assert len(shown)
    assert shown["cause"].isna().all()
    assert shown["technique"].isna().all()
    assert "totals only" in text_of_pdf(folder)


def test_a_pack_about_chosen_surgeons_is_refused_outside_and_writes_nothing(packed, tmp_path):
    with pytest.raises(SourceUnreadable, match="chosen surgeons"):
        packed("outside", cohort=Cohort(surgeon=("S1",)))
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize("name", ["pptx", "html"])
def test_a_format_that_is_not_yet_offered_is_refused_in_words(name):
    with pytest.raises(SourceUnreadable, match=f"'{name}' is not yet offered"):
        check_formats((name,))


def test_an_unknown_format_is_refused_with_the_allowed_ones():
    with pytest.raises(SourceUnreadable, match="Allowed: csv, xlsx, pdf, all"):
        check_formats(("docx",))


def test_all_is_every_format_that_is_offered():
    assert check_formats(("all",)) == ("csv", "xlsx", "pdf")


def test_a_missing_warehouse_is_said_so(outcomes, clock, tmp_path):
    with pytest.raises(WarehouseUnavailable):
        write_pack(
            tmp_path / "none", Cohort(), ("csv",), "inside", tmp_path, clock=clock,
            outcomes=outcomes,
        )  # fmt: skip
