"""Each rule returns its offending record, and nothing of records that are sound."""

from collections.abc import Callable

import pytest

from etl.validate import read_rules

CASES: dict[str, tuple[str, Callable]] = {
    "adjacent_fracture_is_next_to_a_treated_level": (
        "level",
        lambda w: w.change("complications", type="adjacent_fracture", level="T9"),
    ),
    "assessment_not_after_data_cut": (
        "days",
        lambda w: w.add("assessments", days=731, score=1),
    ),
    "assessment_not_after_death": (
        "days",
        lambda w: w.change("procedures", death_days=701).add("assessments", days=702),
    ),
    "at_most_three_levels_a_session": (
        "procedure_id",
        lambda w: [w.add("treated_levels", level=level) for level in ("L2", "L3", "L4")],
    ),
    "at_most_ten_levels_a_session": (
        "procedure_id",
        lambda w: [w.add("treated_levels", level=f"T{n}", cement_ml=1) for n in range(2, 12)],
    ),
    "balloon_only_in_kyphoplasty": (
        "balloon_count",
        lambda w: w.change("procedures", technique="vertebroplasty", balloon_count=1),
    ),
    "balloon_only_in_kyphoplasty_level": (
        "balloon_ml",
        lambda w: w.change("procedures", technique="vertebroplasty").change(
            "treated_levels", balloon_ml=3
        ),
    ),
    "balloon_rupture_only_with_a_balloon": (
        "type",
        lambda w: w.change("procedures", technique="vertebroplasty").change(
            "complications", type="balloon_rupture"
        ),
    ),
    "baseline_odi_is_usual": (
        "score",
        lambda w: w.add("assessments", instrument="odi", score=18),
    ),
    "baseline_pain_is_at_least_four": ("score", lambda w: w.change("assessments", score=3)),
    "baseline_rmdq_is_usual": (
        "score",
        lambda w: w.add("assessments", instrument="rmdq", score=7),
    ),
    "cancer_type_only_in_cancer": (
        "cancer_type",
        lambda w: w.change("procedures", cancer_type="myeloma"),
    ),
    "case_order_is_used_once_in_a_site": (
        "case_order",
        lambda w: w.change("procedures", case_order=5).add(
            "procedures", procedure_id="second-of-place", patient_id="P-place"
        ),
    ),
    "cement_of_a_session_is_usual": (
        "procedure_id",
        lambda w: (
            [w.change("treated_levels", cement_ml=7)]
            + [w.add("treated_levels", level=f"L{n}") for n in (2, 3, 4)]
        ),
    ),
    "complication_has_its_day": ("onset_days", lambda w: w.change("complications", onset_days="")),
    "complication_not_after_data_cut": (
        "onset_days",
        lambda w: w.change("complications", onset_days=731),
    ),
    "complication_not_after_death": (
        "onset_days",
        lambda w: w.change("procedures", death_days=701).change("complications", onset_days=702),
    ),
    "complication_not_over_before_onset": (
        "resolved_days",
        lambda w: w.change("complications", resolved_days=2),
    ),
    "death_complication_has_death_day": ("type", lambda w: w.change("complications", type="death")),
    "death_has_one_day": (
        "onset_days",
        lambda w: w.change("procedures", death_days=720).change(
            "complications", type="death", onset_days=719
        ),
    ),
    "death_not_after_data_cut": ("death_days", lambda w: w.change("procedures", death_days=731)),
    "depth_belongs_to_an_infection": (
        "infection_depth",
        lambda w: w.change("complications", infection_depth="deep"),
    ),
    "event_day_means_it_happened": (
        "relief_status",
        lambda w: w.change("procedures", relief_days=1, relief_status="not_yet"),
    ),
    "event_day_not_after_asking": (
        "return_to_activity_days",
        lambda w: w.change(
            "procedures",
            return_to_activity_days=15,
            return_to_activity_status="happened",
            return_to_activity_asked_days=14,
        ),
    ),
    "event_is_recorded_once": (
        "type",
        lambda w: w.add("complications", complication_id="E-again"),
    ),
    "event_not_yet_has_its_asking_day": (
        "resumed_lifting_asked_days",
        lambda w: w.change("procedures", resumed_lifting_status="not_yet"),
    ),
    "event_that_happened_has_its_day": (
        "soreness_resolved_days",
        lambda w: w.change("procedures", soreness_resolved_status="happened"),
    ),
    "first_procedure_has_no_distance": (
        "days_since_previous_procedure",
        lambda w: w.change("procedures", days_since_previous_procedure=50),
    ),
    "extravasation_has_its_leak": (
        "mechanism",
        lambda w: w.drop("leaks").change("complications", mechanism="cement_extravasation"),
    ),
    "fluoroscopy_within_procedure": (
        "fluoroscopy_minutes",
        lambda w: w.change("procedures", fluoroscopy_minutes=41),
    ),
    "follow_up_is_dated": (
        "last_contact_days",
        lambda w: w.change("procedures", last_contact_days=""),
    ),
    "fracture_energy_fits_cause": (
        "fracture_energy",
        lambda w: w.change("procedures", fracture_energy="high"),
    ),
    "fracture_is_recorded_once": (
        "level",
        lambda w: w.change("complications", type="adjacent_fracture", level="L2").add(
            "complications", complication_id="E-twice", type="remote_fracture"
        ),
    ),
    "function_scores_vary": (
        "score",
        lambda w: [
            w.add("assessments", instrument="odi", days=day, score=44) for day in (-2, 7, 42, 90)
        ],
    ),
    "grade_has_its_system": ("grade_system", lambda w: w.change("complications", grade=2)),
    "height_is_not_lost": (
        "anterior_height_pct_post",
        lambda w: w.change(
            "treated_levels",
            anterior_height_pct_pre=70,
            anterior_height_pct_post=64,
            post_image_days=1,
        ),
    ),
    "identifiers_are_surrogates": (
        "surgeon_id",
        lambda w: w.change("procedures", surgeon_id="S 1"),
    ),
    "image_not_after_death": (
        "post_image_days",
        lambda w: w.change("procedures", death_days=710).change(
            "treated_levels", post_image_days=711
        ),
    ),
    "images_name_their_position": (
        "image_position_post",
        lambda w: w.change(
            "treated_levels", kyphotic_angle_pre=15, kyphotic_angle_post=12, post_image_days=1
        ),
    ),
    "infection_has_its_depth": (
        "infection_depth",
        lambda w: w.change("complications", type="infection"),
    ),
    "key_is_used_once": ("key", lambda w: w.add("assessments", score=9)),
    "kyphosis_change_is_usual": (
        "kyphotic_angle_post",
        lambda w: w.change(
            "treated_levels", kyphotic_angle_pre=10, kyphotic_angle_post=16, post_image_days=1
        ),
    ),
    "last_contact_not_after_data_cut": (
        "last_contact_days",
        lambda w: w.change("procedures", last_contact_days=731),
    ),
    "last_contact_not_after_death": (
        "last_contact_days",
        lambda w: w.change("procedures", death_days=699),
    ),
    "later_image_has_its_day": (
        "post_image_days",
        lambda w: w.change("treated_levels", kyphotic_angle_post=12),
    ),
    "later_procedure_has_its_distance": (
        "days_since_previous_procedure",
        lambda w: w.change("procedures", augmentation_number=2),
    ),
    "leak_check_names_its_modality": (
        "leak_modality",
        lambda w: w.change("treated_levels", leak_modality=""),
    ),
    "leak_is_at_a_treated_level": ("level", lambda w: w.change("leaks", level="L3")),
    "leak_says_whether_symptomatic": (
        "symptomatic",
        lambda w: w.change("leaks", symptomatic="unknown"),
    ),
    "leak_was_looked_for": ("level", lambda w: w.change("treated_levels", leak_checked="no")),
    "level_cause_is_that_of_its_procedure": (
        "cause",
        lambda w: w.change("treated_levels", cause="trauma"),
    ),
    "level_is_usual": (
        "level",
        lambda w: w.add("treated_levels", level="T4"),
    ),
    "level_technique_is_that_of_its_procedure": (
        "technique",
        lambda w: w.change("treated_levels", technique="vertebroplasty"),
    ),
    "low_bone_density_in_osteoporosis": (
        "t_score",
        lambda w: w.change("procedures", t_score=0.1),
    ),
    "milestone_not_after_death": (
        "relief_days",
        lambda w: w.change("procedures", death_days=705, relief_days=706, relief_status="happened"),
    ),
    "new_fracture_names_its_level": (
        "level",
        lambda w: w.change("complications", type="remote_fracture"),
    ),
    "numbers_are_numbers": ("score", lambda w: w.change("assessments", score="severe")),
    "numbers_are_possible": ("age_years", lambda w: w.change("procedures", age_years=-4)),
    "numbers_are_usual": ("cement_ml", lambda w: w.change("treated_levels", cement_ml=8.1)),
    "opioid_at_baseline_agrees_with_its_dose": (
        "score",
        lambda w: w.change("procedures", opioid_at_baseline="no").add(
            "assessments", instrument="opioid_mme", score=20
        ),
    ),
    "order_of_procedures_is_known": (
        "augmentation_number",
        lambda w: w.add("procedures", procedure_id="same-place"),
    ),
    "pain_does_not_leap": (
        "score",
        lambda w: w.add("assessments", days=30, score=0).add("assessments", days=31, score=8),
    ),
    "pain_rises_by_at_most_three": (
        "score",
        lambda w: w.change("assessments", score=5).add("assessments", days=2, score=9),
    ),
    "pain_scores_vary": (
        "score",
        lambda w: (
            w.drop("assessments")
            .rows["assessments"]
            .extend(
                {"procedure_id": w.name, "instrument": "pain_vas", "days": day, "score": 6.5}
                for day in (-1, 1, 7, 42)
            )
        ),
    ),
    "overnight_stay_is_not_short": (
        "length_of_stay_hours",
        lambda w: w.change("procedures", same_day_discharge="no", length_of_stay_hours=3),
    ),
    "patient_does_not_grow_younger": (
        "age_years",
        lambda w: w.add("procedures", procedure_id="younger", procedure_year=2025, age_years=74),
    ),
    "patient_has_one_sex": (
        "sex",
        lambda w: w.add(
            "procedures",
            procedure_id="other-sex",
            sex="male",
            augmentation_number=2,
            days_since_previous_procedure=9,
        ),
    ),
    "procedure_has_a_baseline_pain_score": ("procedure_id", lambda w: w.drop("assessments")),
    "procedure_not_after_death": (
        "days_since_previous_procedure",
        lambda w: w.add(
            "procedures",
            augmentation_number=2,
            procedure_id="buried",
            days_since_previous_procedure=711,
        ).change("procedures", death_days=710),
    ),
    "procedure_has_a_treated_level": ("procedure_id", lambda w: w.drop("treated_levels", "leaks")),
    "procedures_of_a_patient_are_apart": (
        "days_since_previous_procedure",
        lambda w: w.change("procedures", augmentation_number=2, days_since_previous_procedure=0),
    ),
    "readmission_says_whether_planned": (
        "planned",
        lambda w: w.change("complications", type="readmission"),
    ),
    "record_has_its_procedure": (
        "procedure_id",
        lambda w: w.add("complications", complication_id="E-orphan", procedure_id="nobody"),
    ),
    "record_is_given_once": ("key", lambda w: w.add("leaks")),
    "refracture_is_at_a_treated_level": (
        "level",
        lambda w: w.change("complications", type="refracture", level="L4"),
    ),
    "relief_day_agrees_with_scores": (
        "relief_days",
        lambda w: w.change("procedures", relief_days=5, relief_status="happened"),
    ),
    "remote_fracture_is_away_from_treated_levels": (
        "level",
        lambda w: w.change("complications", type="remote_fracture", level="T12"),
    ),
    "repeat_procedure_is_in_procedures": (
        "type",
        lambda w: w.change("complications", type="repeat_procedure"),
    ),
    "required_values_are_given": ("site_id", lambda w: w.change("procedures", site_id=" ")),
    "return_to_work_only_of_the_employed": (
        "return_to_work_days",
        lambda w: w.change(
            "procedures",
            employed_before="no",
            return_to_work_days=30,
            return_to_work_status="happened",
        ),
    ),
    "review_has_its_day": (
        "reviewed_through_days",
        lambda w: w.change("procedures", reviewed_through_days=""),
    ),
    "review_not_after_data_cut": (
        "reviewed_through_days",
        lambda w: w.change("procedures", reviewed_through_days=731),
    ),
    "same_day_discharge_within_a_day": (
        "length_of_stay_hours",
        lambda w: w.change("procedures", same_day_discharge="yes", length_of_stay_hours=25),
    ),
    "score_before_procedure_is_a_baseline": (
        "days",
        lambda w: w.add("assessments", days=-31, score=8),
    ),
    "score_is_on_its_scale": ("score", lambda w: w.change("assessments", score=11)),
    "score_is_whole_where_its_scale_is": ("score", lambda w: w.change("assessments", score=7.5)),
    "surgeon_is_known": ("surgeon_id", lambda w: w.change("procedures", surgeon_id="")),
    "whole_numbers_have_no_fraction": (
        "age_years",
        lambda w: w.change("procedures", age_years=70.5),
    ),
    "words_are_known": ("technique", lambda w: w.change("procedures", technique="vertbroplasty")),
}
"""Rule -> the column it names, and how a sound procedure is made to break it."""

OF_A_WHOLE_FILE = (
    "mean_baseline_pain_is_usual",
    "odi_is_a_percentage",
    "pain_is_of_ten_points",
    "share_of_women_is_usual",
    "some_follow_up_lasts_beyond_day_zero",
    "some_scores_follow_the_procedure",
    "surrogates_keep_their_patient",
)
OTHER_PROCEDURE = {"procedure_not_after_death": "buried", "record_has_its_procedure": "nobody"}


@pytest.fixture(scope="module")
def found(found_in, world, tmp_path_factory):
    worlds = [world("sound")]
    for rule, (_, break_it) in CASES.items():
        broken = world(rule)
        break_it(broken)
        worlds.append(broken)
    return found_in(worlds, tmp_path_factory.mktemp("rules"))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_returns_the_record_that_breaks_it(found, rule):
    column, _ = CASES[rule]
    assert (OTHER_PROCEDURE.get(rule, rule), column) in found[rule]


def test_no_rule_returns_anything_of_a_sound_procedure(found):
    assert {
        rule for rule, rows in found.items() if any(name == "sound" for name, _ in rows)
    } == set()


def test_every_rule_has_a_case():
    assert {rule.name for rule in read_rules()} == {*CASES, *OF_A_WHOLE_FILE}


def test_there_are_forty_rules_of_every_kind():
    rules = read_rules()
    assert len(rules) >= 40
    assert {rule.category for rule in rules} == {
        "completeness",
        "conformance",
        "plausibility",
        "temporal",
        "cross-table",
        "duplicates",
    }


def test_a_file_of_a_hundred_men_is_listed(found_in, world, tmp_path):
    worlds = [world(f"C{n}").change("procedures", sex="male") for n in range(100)]
    found = found_in(worlds, tmp_path)
    assert found["share_of_women_is_usual"] == {("C0", "sex")}


def test_a_file_of_raw_odi_points_is_listed(found_in, world, tmp_path):
    raw_points = world("raw")
    for day in range(-29, 8):
        raw_points.add("assessments", instrument="odi", days=day, score=30)
    assert found_in([raw_points], tmp_path)["odi_is_a_percentage"] == {("raw", "score")}
