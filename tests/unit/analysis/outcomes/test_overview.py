"""The Overview agrees with the outcomes it points to."""

import pytest

from analysis.cohort import Cohort
from analysis.measure import CountReader
from analysis.outcomes.capture import capture
from analysis.outcomes.complications import complications
from analysis.outcomes.key_events import key_events
from analysis.outcomes.leaks import leaks
from analysis.outcomes.new_fractures import new_fractures
from analysis.outcomes.overview import overview
from analysis.outcomes.stay import same_day_discharge
from analysis.outcomes.time_to_relief import time_to_relief

PATIENTS = 24


@pytest.fixture
def reader(tables_of):
    """Twelve procedures in each of two years; of both years' dozen the first few had an event."""
    keys = range(1, PATIENTS + 1)
    return CountReader(
        Cohort(),
        connection=tables_of(
            procedures=[
                {
                    "procedure_year": 2023 + (key > 12),
                    "complications_reviewed": "yes",
                    "setting": "outpatient",
                    "same_day_discharge": "yes" if key % 4 else "no",
                    "cause": "cancer" if key % 5 == 0 else "osteoporosis",
                }
                for key in keys
            ],
            treated_levels=[
                {
                    "procedure_key": key,
                    "level": "T12",
                    "leak_checked": "yes",
                    "leak_modality": "ct" if key % 3 else "fluoroscopy",
                }
                for key in keys
            ],
            leaks=[{"procedure_key": 1, "level": "T12", "route": "epidural", "symptomatic": "yes"}],
            assessments=[
                {"procedure_key": key, "instrument": "pain_nrs", "days": days, "score": score}
                for key in keys
                for days, score in ((-1, 8), (7, 2 if key % 2 else 8), (42, 2 if key % 3 else 8))
                if not (days == 42 and key == 24)
            ],
            complications=[
                {
                    "complication_id": f"K{key}{type_name}",
                    "procedure_key": key,
                    "type": type_name,
                    "level": "L1",
                    "onset_days": 3,
                    "planned": "no",
                    "relatedness": "probable",
                }
                for key in (1, 2, 14)
                for type_name in ("bleeding", "adjacent_fracture", "readmission")
            ],
        ),
    )


def test_each_row_shows_what_its_outcome_shows(reader, measure_of):
    rows = overview(reader).rows.set_index("measure")
    expected = {
        "capture": measure_of(capture(reader), "capture", modality="pain", at="6w"),
        "relief_incidence": measure_of(time_to_relief(reader), "relief_incidence", at="14"),
        "complication_any": measure_of(complications(reader), "complication_any", at=30),
        "fracture_adjacent": measure_of(new_fractures(reader), "fracture_adjacent", modality="any"),
        "readmission_30d": measure_of(key_events(reader), "readmission_30d"),
        "leak_symptomatic_per_level": measure_of(
            leaks(reader), "leak_symptomatic_per_level", modality="ct"
        ),
        "same_day_discharge": measure_of(same_day_discharge(reader), "same_day_discharge"),
    }
    for measure, own in expected.items():
        for name in ("n", "N", "value", "lower", "upper"):
            assert rows.loc[measure, name] == pytest.approx(own[name], nan_ok=True), measure


def test_share_in_relief_and_capture_at_six_weeks_are_counted(reader):
    rows = overview(reader).rows.set_index("measure")
    # 23 of 24 answered; of those, the 16 whose number is no multiple of 3 are in relief.
    assert tuple(rows.loc["in_relief_share", ["n", "N"]]) == (16, 23)
    assert tuple(rows.loc["capture", ["n", "N"]]) == (23, 24)


def test_years_sum_to_the_whole_cohort(reader):
    result = overview(reader)
    by_year = result.trend.groupby("measure")[["n", "N"]].sum()
    whole = result.rows.set_index("measure")
    for measure in whole.index:
        assert tuple(by_year.loc[measure]) == tuple(whole.loc[measure, ["n", "N"]]), measure
    assert set(result.trend["year"]) == {2023, 2024}


def test_volumes_stand_beside_the_measures_and_no_title_names_a_technique(reader):
    result = overview(reader)
    assert result.volumes.counts["procedures"].sum() == PATIENTS
    assert "plasty" not in result.title + result.summary


def test_an_empty_cohort_says_so(tables_of):
    result = overview(CountReader(Cohort(), connection=tables_of()))
    assert "No procedure" in result.empty_reason
    assert result.rows.empty


def test_procedures_that_nobody_followed_are_said_to_be_so(tables_of):
    bare = {"setting": None, "same_day_discharge": None, "observed_through_days": None}
    result = overview(CountReader(Cohort(), connection=tables_of(procedures=[bare, bare])))
    assert result.rows.empty
    assert not result.is_empty
    assert result.summary == result.no_rows_reason
    assert "neither scores after the procedure" in result.no_rows_reason
