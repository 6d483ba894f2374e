"""What is planted in the synthetic sample is in it, and what is claimed of it is true."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl.synthesis.achieved import cumulative_risk
from etl.synthesis.recovery import on_the_grid
from etl.synthesis.targets import TARGETS, achieved_in, shipped_cells
from etl.synthesize import contrasts_of, synthesize, truth_of, write_sample, write_truth

README = Path(__file__).parents[3] / "data" / "sample" / "README.md"


def frames_of(sample) -> dict[str, pd.DataFrame]:
    return {name: table.to_pandas() for name, table in sample.tables().items()}


@pytest.fixture(scope="module")
def world():
    """Return a sample of 8,000 procedures without noise and bad rows."""
    return synthesize(8000, 13, score_noise=False, bad_rows=False)


@pytest.fixture(scope="module")
def frames(world) -> dict[str, pd.DataFrame]:
    return frames_of(world)


@pytest.fixture(scope="module")
def truth(world) -> pd.DataFrame:
    return truth_of(world).set_index("procedure_id")


def test_scores_meet_the_definition_of_relief_from_the_exact_day_on_and_never_before(frames, truth):
    # endpoints.md E1: score <= baseline - max(2, 0.3 * baseline), same instrument.
    pain = frames["assessments"][frames["assessments"]["instrument"].str.startswith("pain_")]
    pain = pain.assign(days=pd.to_numeric(pain["days"]), score=pd.to_numeric(pain["score"]))
    baseline = pain[pain["days"] <= 0].set_index("procedure_id")["score"]
    after = pain[pain["days"] > 0].merge(
        baseline.rename("baseline"), left_on="procedure_id", right_index=True
    )
    threshold = after["baseline"] - np.maximum(2, 0.3 * after["baseline"])
    told = (after["score"] <= threshold + 1e-9).to_numpy()
    outcomes = truth.loc[after["procedure_id"]]
    plain = (outcomes["technique"] == "vertebroplasty").to_numpy()
    day = np.where(
        plain, outcomes["relief_days_vertebroplasty"], outcomes["relief_days_kyphoplasty"]
    )
    assert len(after) > 25_000
    assert (told == (after["days"].to_numpy() >= day)).all()


def test_given_relief_days_are_the_exact_days(frames, truth):
    procedures = frames["procedures"].set_index("procedure_id")
    given = pd.to_numeric(procedures["relief_days"]).dropna()
    outcomes = truth.loc[given.index]
    plain = outcomes["technique"] == "vertebroplasty"
    exact = outcomes["relief_days_vertebroplasty"].where(plain, outcomes["relief_days_kyphoplasty"])
    assert len(given) > 500
    assert (given == exact).all()


def test_rounding_to_the_grid_keeps_the_share_relieved_at_the_days_of_reference():
    # 2/24 d is the second hour, written 0.083; 1.01 d is in the 25th hour, written 1.042.
    days = on_the_grid(np.array([0.0001, 2 / 24, 1.0, 1.01, 2.0, 6.2, 7.0, 7.01]))
    assert list(days) == [0.042, 0.083, 1.0, 1.042, 2.0, 7.0, 7.0, 8.0]


def test_technique_changes_no_relief_and_no_activity_in_the_default_world(truth):
    for measure in ("relief", "activity"):
        kyphoplasty = truth[f"{measure}_days_kyphoplasty"]
        assert (kyphoplasty == truth[f"{measure}_days_vertebroplasty"]).all()


def test_the_effect_in_cancer_is_found_there_only():
    outcomes = truth_of(synthesize(3000, 2, effect="cancer"))
    sooner = outcomes["relief_days_kyphoplasty"] < outcomes["relief_days_vertebroplasty"]
    later = outcomes["relief_days_kyphoplasty"] > outcomes["relief_days_vertebroplasty"]
    by_cause = sooner.groupby(outcomes["cause"]).mean()
    assert by_cause["cancer"] > 0.3
    assert by_cause[["osteoporosis", "trauma"]].max() == 0
    assert not later.any()


def test_contrasts_are_the_averages_of_the_potential_outcomes():
    sample = synthesize(2000, 4, effect="cancer", bad_rows=False)
    procedures = frames_of(sample)["procedures"].set_index("procedure_id")
    outcomes = truth_of(sample).set_index("procedure_id")
    is_index = (
        procedures["technique"].isin(["kyphoplasty", "vertebroplasty"])
        & (procedures["cause"] == "cancer")
        & (procedures["augmentation_number"] == "1")
        & (procedures["procedure_status"] == "completed")
    )
    chosen = outcomes[is_index]
    gap = (chosen["relief_days_kyphoplasty"] <= 14).astype(float)
    gap -= chosen["relief_days_vertebroplasty"] <= 14
    weight = chosen["propensity"] * (1 - chosen["propensity"])
    table = contrasts_of(sample).set_index(["outcome", "at", "cause", "estimand"])["difference"]
    row = ("relief_if_no_death", "14", "cancer")
    assert table[(*row, "ATE")] == pytest.approx(gap.mean())
    assert table[(*row, "ATO")] == pytest.approx(np.average(gap, weights=weight))


def test_site_d_asks_nobody_at_two_hours_and_at_one_day(frames):
    site = frames["procedures"].set_index("procedure_id")["site_id"]
    scores = frames["assessments"]
    early = pd.to_numeric(scores["days"]).between(0, 2, inclusive="right")
    asked = site.reindex(scores["procedure_id"][early].unique()).value_counts()
    assert set(asked.index) == {"A", "B", "C"}


def test_four_surgeons_give_one_technique_only(frames):
    completed = frames["procedures"]
    compared = completed[completed["technique"].isin(["kyphoplasty", "vertebroplasty"])]
    share = (compared["technique"] == "kyphoplasty").groupby(compared["surgeon_id"]).mean()
    assert list(share[share == 1].index) == ["S04", "S08"]
    assert list(share[share == 0].index) == ["S12", "S13"]
    assert len(share) == 14


def test_one_surgeon_has_18_cases_and_one_never_looks_for_leaks(frames):
    surgeon = frames["procedures"].set_index("procedure_id")["surgeon_id"]
    assert (surgeon == "S11").sum() == 18
    levels = frames["treated_levels"]
    by_surgeon = levels["leak_checked"].groupby(surgeon.reindex(levels["procedure_id"]).to_numpy())
    assert set(by_surgeon.get_group("S03")) == {"no"}


def leak_rate(frames, site: str, years: set[str]) -> float:
    procedures = frames["procedures"].set_index("procedure_id")
    levels = frames["treated_levels"]
    own = procedures.loc[levels["procedure_id"]]
    chosen = ((own["site_id"] == site) & own["procedure_year"].isin(years)).to_numpy()
    levels = levels[chosen & (levels["leak_checked"] == "yes").to_numpy()]
    leaky = frames["leaks"][["procedure_id", "level"]].drop_duplicates()
    return len(levels.merge(leaky)) / len(levels)


def test_site_c_leaks_more_in_2024_and_site_b_after_its_change_of_modality(frames):
    others = {"2022", "2023", "2025"}
    assert leak_rate(frames, "C", {"2024"}) > leak_rate(frames, "C", others) + 0.12
    assert leak_rate(frames, "B", {"2024"}) > leak_rate(frames, "B", {"2022"}) + 0.3


def test_the_world_without_signals_has_neither_cluster_nor_decoy():
    frames = frames_of(synthesize(8000, 13, effect="none", bad_rows=False))
    others = {"2022", "2023", "2025"}
    assert abs(leak_rate(frames, "C", {"2024"}) - leak_rate(frames, "C", others)) < 0.08
    assert abs(leak_rate(frames, "B", {"2024"}) - leak_rate(frames, "B", {"2022"})) < 0.08


def test_non_response_can_depend_on_the_score_that_was_not_given():
    def relieved_share(unseen: bool) -> float:
        sample = synthesize(8000, 6, bad_rows=False, score_noise=False, unseen_nonresponse=unseen)
        scores = frames_of(sample)["assessments"]
        days = pd.to_numeric(scores["days"])
        week = scores[scores["instrument"].eq("pain_nrs") & days.between(2, 14, inclusive="right")]
        return (pd.to_numeric(week["score"]) <= 4).mean()

    assert relieved_share(True) > relieved_share(False)


def test_cumulative_risk_agrees_with_a_calculation_by_hand():
    # Four procedures: event on day 1, death on day 2, last contact on day 3, event on day 4.
    # Day 1: 1/4 have the event; of the 3 left one dies on day 2; of 2 one leaves on day 3;
    # the last has the event on day 4: 0.25 + (0.75 * 2/3) * 1 = 0.75.
    never = np.inf
    event = np.array([1, never, never, 4])
    death = np.array([never, 2, never, never])
    last = np.array([9, 2, 3, 9])
    assert cumulative_risk(event, death, last, 3) == pytest.approx(0.25)
    assert cumulative_risk(event, death, last, 4) == pytest.approx(0.75)


def test_the_truth_is_written_beside_no_records(tmp_path):
    sample = synthesize(60, 1)
    write_sample(sample, tmp_path / "records")
    with pytest.raises(ValueError, match="keep the truth elsewhere"):
        write_truth(sample, tmp_path / "records" / "truth.csv")
    written = write_truth(sample, tmp_path / "truth.csv")
    assert [file.name for file in written] == ["truth.csv", "truth_contrasts.csv"]
    assert len(pd.read_csv(written[0])) == 60


def readme_rows() -> dict[str, tuple[str, float, float]]:
    """Return, by the words of a target, its first cells, and its large figure with its error."""
    rows = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 6 and re.fullmatch(r"[\d.]+", cells[5]):
            beginning = line[: line.rindex("|", 0, line.rindex(cells[4]))] + "|"
            rows[cells[0]] = (beginning, float(cells[4]), float(cells[5]))
    return rows


def test_the_readme_shows_what_the_shipped_sample_achieves():
    achieved = achieved_in(synthesize(bad_rows=False))
    rows = readme_rows()
    assert [rows[target.words][0] for target in TARGETS] == [
        shipped_cells(target, achieved) for target in TARGETS
    ]


@pytest.mark.parametrize(
    "target", [target for target in TARGETS if target.is_published], ids=lambda each: each.measure
)
def test_every_published_target_is_met_by_many_procedures(target):
    _, achieved, error = readme_rows()[target.words]
    assert target.is_met_by(achieved, error)


@pytest.mark.slow
def test_a_hundred_thousand_procedures_achieve_what_the_readme_says():
    achieved = achieved_in(synthesize(100_000, 301, bad_rows=False))
    far = [
        target.words
        for target in TARGETS
        # One run scatters by the error of the mean of ten times the square root of ten.
        if abs(achieved[target.measure] - readme_rows()[target.words][1])
        > 4 * np.sqrt(10) * readme_rows()[target.words][2] + 10**-target.places
    ]
    assert far == []
