"""Rules that speak clinic: what lies just within them, and what a whole file shows."""

import pytest

NEARLY = {
    "a repeat on the day of death is before it": (
        "procedure_not_after_death",
        lambda w: w.add(
            "procedures",
            procedure_id="same-day-of-death",
            augmentation_number=2,
            days_since_previous_procedure=710,
        ).change("procedures", death_days=710),
    ),
    "a death known at the later procedure alone": (
        "procedure_not_after_death",
        lambda w: w.add(
            "procedures",
            procedure_id="later-death",
            augmentation_number=2,
            days_since_previous_procedure=711,
            death_days=710,
        ),
    ),
    "a milestone on the day of death": (
        "milestone_not_after_death",
        lambda w: w.change("procedures", death_days=705, relief_days=705),
    ),
    "an image on the day of death": (
        "image_not_after_death",
        lambda w: w.change("procedures", death_days=705).change(
            "treated_levels", post_image_days=705
        ),
    ),
    "two sessions a day apart": (
        "procedures_of_a_patient_are_apart",
        lambda w: w.change("procedures", augmentation_number=2, days_since_previous_procedure=1),
    ),
    "a balloon that burst in an implant": (
        "balloon_rupture_only_with_a_balloon",
        lambda w: w.change("procedures", technique="implant").change(
            "complications", type="balloon_rupture"
        ),
    ),
    "a complication from a recorded leak": (
        "extravasation_has_its_leak",
        lambda w: w.change("complications", mechanism="cement_extravasation"),
    ),
    "a remote fracture two levels away": (
        "remote_fracture_is_away_from_treated_levels",
        lambda w: w.change("complications", type="remote_fracture", level="T11"),
    ),
    "an adjacent fracture with its level": (
        "new_fracture_names_its_level",
        lambda w: w.change("complications", type="adjacent_fracture", level="T12"),
    ),
    "three equal scores of disability": (
        "function_scores_vary",
        lambda w: [
            w.add("assessments", instrument="odi", days=day, score=44) for day in (-2, 7, 42)
        ],
    ),
    "four scores of disability of which one differs": (
        "function_scores_vary",
        lambda w: [
            w.add("assessments", instrument="odi", days=day, score=44 + (day == 90) * 0.5)
            for day in (-2, 7, 42, 90)
        ],
    ),
    "a score on the first day of the baseline": (
        "score_before_procedure_is_a_baseline",
        lambda w: w.add("assessments", days=-30, score=8),
    ),
    "a night of four hours": (
        "overnight_stay_is_not_short",
        lambda w: w.change("procedures", same_day_discharge="no", length_of_stay_hours=4),
    ),
    "a rise of pain by seven points": (
        "pain_does_not_leap",
        lambda w: w.add("assessments", days=30, score=0).add("assessments", days=31, score=7),
    ),
    "a rise of pain by eight points over two visits": (
        "pain_does_not_leap",
        lambda w: (
            w.add("assessments", days=30, score=0)
            .add("assessments", days=31, score=5)
            .add("assessments", days=32, score=8)
        ),
    ),
    "pain that falls by eight points": (
        "pain_does_not_leap",
        lambda w: w.add("assessments", days=30, score=10).add("assessments", days=31, score=2),
    ),
    "the same age a year later": (
        "patient_does_not_grow_younger",
        lambda w: w.add("procedures", procedure_id="as-old", procedure_year=2025),
    ),
    "another age in the same year": (
        "patient_does_not_grow_younger",
        lambda w: w.add("procedures", procedure_id="birthday", age_years=74),
    ),
}
"""What it is -> the rule that must return nothing of it, and how it is made."""


@pytest.fixture(scope="module")
def found(found_in, world, tmp_path_factory):
    worlds = []
    for place, (_, make) in enumerate(NEARLY.values()):
        worlds.append(world(f"N{place}"))
        make(worlds[-1])
    return found_in(worlds, tmp_path_factory.mktemp("nearly"))


@pytest.mark.parametrize("nearly", NEARLY)
def test_a_rule_returns_nothing_of_what_lies_just_within(found, nearly):
    place, rule = list(NEARLY).index(nearly), NEARLY[nearly][0]
    assert [name for name, _ in found[rule] if name == f"N{place}"] == []


def with_scores(world, count, *scores):
    """Return worlds whose only scores are pairs of a day and a pain score."""
    worlds = [world(f"C{n}").drop("assessments") for n in range(count)]
    for one in worlds:
        one.rows["assessments"] = [
            {"procedure_id": one.name, "instrument": "pain_nrs", "days": day, "score": score}
            for day, score in scores
        ]
    return worlds


@pytest.mark.parametrize(("baseline", "is_listed"), [(4, True), (5, False), (9, False), (10, True)])
def test_a_mean_baseline_far_from_the_fields_is_listed(
    found_in, world, tmp_path, baseline, is_listed
):
    found = found_in(with_scores(world, 50, (-1, baseline), (7, 3)), tmp_path)
    assert found["mean_baseline_pain_is_usual"] == ({("C0", "score")} if is_listed else set())


def test_the_mean_of_fewer_than_fifty_baselines_is_not_judged(found_in, world, tmp_path):
    found = found_in(with_scores(world, 49, (-1, 2)), tmp_path)
    assert found["mean_baseline_pain_is_usual"] == set()


def test_pain_of_a_hundred_points_is_not_trusted_where_it_would_fit(found_in, world, tmp_path):
    # Of 20 scores, 4 are above 10: just the fifth that distrust begins at.
    worlds = with_scores(world, 4, (-1, 75), (1, 9), (7, 8), (42, 5), (90, 0))
    listed = found_in(worlds, tmp_path)["pain_is_of_ten_points"]
    assert listed == {(f"C{n}", "score") for n in range(4)}


def test_single_slips_on_the_scale_of_pain_do_not_refuse_a_file(found_in, world, tmp_path):
    worlds = with_scores(world, 4, (-1, 7), (1, 9), (7, 8), (42, 5), (90, 0))
    for one in worlds[:3]:
        one.rows["assessments"][0]["score"] = 70
    assert found_in(worlds, tmp_path)["pain_is_of_ten_points"] == set()


@pytest.mark.parametrize(("last_day", "is_listed"), [(0, True), (0.083, False)])
def test_scores_that_all_stand_on_day_zero_are_listed(
    found_in, world, tmp_path, last_day, is_listed
):
    worlds = with_scores(world, 50, (-1, 8), (0, 7))
    worlds[7].rows["assessments"][1]["days"] = last_day
    found = found_in(worlds, tmp_path)["some_scores_follow_the_procedure"]
    assert found == ({("C0", "days")} if is_listed else set())


@pytest.mark.parametrize(("last_day", "is_listed"), [(0, True), (1, False)])
def test_last_contacts_that_are_all_of_day_zero_are_listed(
    found_in, world, tmp_path, last_day, is_listed
):
    worlds = [world(f"C{n}").change("procedures", last_contact_days=0) for n in range(30)]
    worlds[7].change("procedures", last_contact_days=last_day)
    found = found_in(worlds, tmp_path)["some_follow_up_lasts_beyond_day_zero"]
    assert found == ({("C0", "last_contact_days")} if is_listed else set())


def test_a_whole_file_is_judged_by_what_is_loaded_of_it(found_in, world, tmp_path):
    # 50 women of 100 are within; a refused record of a woman neither counts nor stands for all.
    worlds = [world("refused").change("procedures", site_id="")]
    worlds += [
        world(f"C{n}").change("procedures", sex="female" if n < 49 else "male") for n in range(100)
    ]
    found = found_in(worlds, tmp_path)
    assert found["share_of_women_is_usual"] == {("C0", "sex")}
