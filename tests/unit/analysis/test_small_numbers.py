"""Under 30 cases there is no rate, under 10 events no curve; counts stay."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.overview_result import OVERVIEW_COLUMNS, OverviewResult
from analysis.results import (
    AT_RISK_COLUMNS,
    CURVE_COLUMNS,
    ROW_COLUMNS,
    Explanation,
    IncidenceResult,
    IntervalsResult,
    measures_table,
)
from analysis.small_numbers import COUNTS_ONLY, counts_only

WORDS = {
    "outcome": "relief",
    "title": "62 % had pain relief",
    "subtitle": "",
    "summary": "62 % had pain relief.",
    "explanation": Explanation("", "E1 v1", "", "", ""),
}
RATE = {"value": 0.4, "lower": 0.2, "upper": 0.6}


def shares(*cases):
    """Return a result of two in five events, a row for each (cause, N)."""
    rows = [
        {"label": "Any leak", "cause": cause, "technique": "", "n": 2 * N // 5, "N": N, **RATE}
        for cause, N in cases
    ]
    measured = [
        {k: v for k, v in row.items() if k != "label"} | {"measure": "leak"} for row in rows
    ]
    return IntervalsResult(
        **WORDS,
        measures=measures_table(measured),
        rows=pd.DataFrame([row | {"note": ""} for row in rows], columns=list(ROW_COLUMNS)),
    )


def waits(**arms):
    """Return a result of curves, an arm of cancer for each technique=(N, events)."""
    ended = [
        ("cancer", name, 135.0, total - events, events, 0, 0)
        for name, (total, events) in arms.items()
    ]
    whole = ("", "", 135.0, 60, 20, 0, 0)
    return IncidenceResult(
        **WORDS,
        measures=measures_table([]),
        curves=pd.DataFrame(
            [("cancer", name, 7.0, 0.4, 0.3, 0.5) for name in arms], columns=list(CURVE_COLUMNS)
        ),
        at_risk=pd.DataFrame([whole, *ended], columns=list(AT_RISK_COLUMNS)),
    )


@pytest.mark.parametrize(("cases", "is_told"), [(29, False), (30, True)])
def test_a_rate_needs_thirty_cases(cases, is_told):
    told = counts_only(shares(("", 100), ("cancer", cases)))
    for rows in (told.rows, told.measures):
        assert rows["value"].notna().tolist() == [True, is_told]
        assert rows["upper"].notna().tolist() == [True, is_told]
        assert rows["N"].tolist() == [100, cases]
    assert (told.rows["note"].tolist()[1] == COUNTS_ONLY) is not is_told
    assert told.title == WORDS["title"]


def test_a_small_cohort_says_its_counts_and_what_they_could_notice():
    told = counts_only(shares(("", 20)))
    assert told.title == "Counts only: 20 cases are too few for a rate"
    # 0.95^20 = 0.358: so often are none of 20 struck by an event of 1 in 20.
    assert told.summary == (
        "Any leak: 8 of 20, too few for a rate. Among 20 cases, what happens to 1 in 20 "
        "patients goes unseen 36 % of the time."
    )


def test_a_mean_of_few_says_nothing_of_what_happens_to_one_in_twenty():
    told = counts_only(replace(shares(("", 20)), unit="minutes"))
    assert told.summary == "Any leak: 8 cases, too few for an estimate."


@pytest.mark.parametrize(
    ("total", "events", "is_drawn"), [(29, 20, False), (30, 9, False), (30, 10, True)]
)
def test_a_curve_needs_thirty_cases_and_ten_events(total, events, is_drawn):
    told = counts_only(waits(kyphoplasty=(total, events), vertebroplasty=(80, 40)))
    assert ("kyphoplasty" in set(told.curves["technique"])) is is_drawn
    assert "vertebroplasty" in set(told.curves["technique"])
    assert len(told.at_risk) == 3


def test_a_measure_of_the_overview_with_few_cases_is_a_count_without_change():
    row = {"measure": "m", "label": "Relief", "outcome": "relief", "n": 8, "N": 20, **RATE}
    row |= {"note": "", "variation": "usual variation", "change": 0.1, "change_words": "+10 points"}
    told = counts_only(
        OverviewResult(
            **WORDS,
            measures=measures_table([]),
            rows=pd.DataFrame([row], columns=list(OVERVIEW_COLUMNS)),
        )
    )
    assert told.summary == "Relief: 8 of 20, too few for a rate."
    assert told.rows["value"].isna().all()
    assert told.rows["change_words"].tolist() == ["not compared: fewer than 30 cases"]
