"""Pages of the PDF: a table stays with its title, and no page holds a few rows only."""

import io
from datetime import UTC, datetime

import pypdf

from analysis.cohort import Cohort
from analysis.disclosure import typed_measures
from analysis.results import Explanation, measures_table
from reports.contents import Pack, Section, section_of
from reports.document import document_pdf

CAUSES = ("osteoporosis", "cancer", "trauma")
ARMS = ("", "kyphoplasty", "vertebroplasty", "implant", "kyphoplasty_or_mechanical", "mixed")


def rows_of(how_many):
    strata = [(cause, arm) for arm in ARMS for cause in ("", *CAUSES)]
    return [
        {"measure": "same_day_discharge", "cause": cause, "technique": arm, "n": 60, "N": 200,
         "value": 0.3, "lower": 0.24, "upper": 0.37}
        for cause, arm in strata[:how_many]
    ]  # fmt: skip


def section(how_many, sentences):
    measures = typed_measures(measures_table(rows_of(how_many)))
    return Section(
        outcome="same_day_discharge",
        heading="Same-day discharge",
        finding="30 % went home the same day",
        subtitle="By cause and technique",
        summary=" ".join(["Of those in every stratum, three in ten went home."] * sentences),
        measures=measures,
        explanation=Explanation(
            "Home the same day.",
            "v1",
            "All",
            "Wilson",
            "procedures",
            waterfall=(("recorded", 2000), ("counted", 1800)),
        ),
    )


def pages_of(how_many, *, sentences=1):
    pack = Pack(
        cohort=Cohort(),
        audience="inside",
        snapshot_id="abc123abc123",
        period="2021-2024",
        generated=datetime(2026, 3, 5, tzinfo=UTC),
        program_version="1",
        sections=(section(how_many, sentences),),
    )
    document = pypdf.PdfReader(io.BytesIO(document_pdf(pack)))
    return [page.extract_text() for page in document.pages]


def test_a_table_that_does_not_fit_below_its_figure_moves_whole_with_its_title():
    holding = [
        page for page in pages_of(24, sentences=40) if "60 / 200" in page and "Stratum" in page
    ]
    assert len(holding) == 1
    assert holding[0].count("60 / 200") == 24
    assert "Home the same day" in holding[0]
    assert "30 % went home" not in holding[0]


def test_who_is_counted_stands_with_the_definitions_and_costs_no_page_of_its_own():
    pages = pages_of(24, sentences=10)
    assert "Who is counted" in pages[-1]
    assert "Definitions" in pages[-1]
    assert len(pages) == 3


def test_rows_are_set_closer_where_that_spares_a_page():
    # The cover, the section, the definitions; with rows as wide as elsewhere it would be four.
    assert len(pages_of(24, sentences=10)) == 3


def test_a_summary_of_many_strata_stays_short():
    rows = [
        {"measure": "leak_any_per_level", "modality": how, "cause": cause, "technique": arm,
         "n": 60, "N": 200, "value": 0.3}
        for how in ("fluoroscopy", "radiograph", "ct")
        for cause in ("", *CAUSES)
        for arm in ARMS
    ]  # fmt: skip

    class Counted:
        outcome, title, subtitle, summary, footnotes = "leaks", "Leaks", "", "", ()
        explanation = Explanation("Any leak.", "v1", "Levels", "Wilson", "leaks")
        is_empty = False

    made = section_of("Leaks", Counted, typed_measures(measures_table(rows)), "outside")
    assert made.summary.count("60 of 200") == 8
    assert "implant" not in made.summary
