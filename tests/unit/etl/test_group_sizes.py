"""Before publishing, a load tells how small the groups are in which patients hide."""

import pytest

from etl.history import history_path, latest_load
from etl.judgement_history import read_judged
from etl.mapping.declaration import Threshold
from etl.pipeline import LoadStopped
from etl.report import GroupSizes, Judged
from etl.threshold import judge_by, reasons_to_refuse

HEADER = "procedure_id,patient_id,site_id,procedure_year,technique,cause,age_years,sex"


def women(count: int, *, age: int, first: int = 1, patients: int = 0) -> list[str]:
    """Return procedures of women of one age at one site, of `patients` patients, else of each."""
    return [
        f"C{n},P{first + (n - first) % (patients or count)},A,2024,kyphoplasty,cancer,{age},female"
        for n in range(first, first + count)
    ]


def test_groups_are_of_patients_and_counted_by_hand(source, load_into):
    # 12 patients of 70; 12 procedures of 4 patients of 75; one of 80.
    lines = [
        HEADER,
        *women(12, age=70),
        *women(12, age=75, first=101, patients=4),
        *women(1, age=80, first=201),
    ]
    groups = load_into(source(procedures=lines), max_refused=1.0).groups
    assert groups == GroupSizes(
        by=("age", "sex", "year", "month", "site"),
        procedures=25,
        groups=3,
        smallest=1,
        groups_under_11=2,
        procedures_under_11=13,
    )
    assert groups.in_words() == (
        "k-anonymity by age, sex, year, month, site: the smallest group has 1 patient; "
        "13 of 25 procedures (52.0%) are in groups of under 11."
    )
    assert groups.as_json()["share_under_11"] == pytest.approx(13 / 25)


def test_refused_records_do_not_count_and_published_ones_do(source, load_into):
    load_into(source("first", procedures=[HEADER, *women(9, age=70)]))
    bad = women(1, age=70, first=50)[0].replace("kyphoplasty", "unknown kind")
    more = [HEADER, *women(3, age=70, first=21), women(1, age=70)[0], bad]
    groups = load_into(source("second", procedures=more), dry_run=True, max_refused=1.0).groups
    # 9 published, of which one comes again, and 3 new.
    assert (groups.procedures, groups.smallest, groups.procedures_under_11) == (12, 12, 0)


def test_published_records_that_are_removed_do_not_count(source, load_into):
    load_into(source("first", procedures=[HEADER, *women(12, age=70)]))
    fewer = source("second", procedures=[HEADER, *women(5, age=70)])
    assert load_into(fewer, is_complete=True, dry_run=True).groups.smallest == 5
    assert load_into(fewer, dry_run=True).groups.smallest == 12


def test_the_same_files_again_tell_the_same_sizes(source, load_into):
    records = source(procedures=[HEADER, *women(3, age=70)])
    first = load_into(records)
    second = load_into(records)
    assert (second.status, second.groups) == ("unchanged", first.groups)
    assert first.groups is not None
    assert first.groups.smallest == 3


def test_no_procedure_is_no_group():
    assert GroupSizes(("age",), 0, 0, None, 0, 0).in_words() == (
        "k-anonymity: no procedure to gauge."
    )


def test_what_a_load_is_judged_by_is_remembered_and_judged_anew(source, load_into, warehouse):
    bad = women(1, age=70, first=50)[0].replace("kyphoplasty", "unknown kind")
    lines = [HEADER, *women(9, age=70), bad]
    assert load_into(source(procedures=lines), max_refused=0.2).status == "published"
    judged = read_judged(history_path(warehouse), latest_load(warehouse))
    told = {one.rule: one for one in judged}
    assert told["max_refused"] == Judged("max_refused", "procedures", 1, 10, 0.2)
    assert told["words_are_known"] == Judged("words_are_known", "procedures", 1, 10)
    assert told["records_hide_in_groups"] == Judged("records_hide_in_groups", "procedures", 9, 9)
    assert reasons_to_refuse(judge_by(judged, 0.2, {})) == []
    assert reasons_to_refuse(
        judge_by(judged, 0.05, {"words_are_known": Threshold(0.0, "new")})
    ) == [
        "procedures: words_are_known is not kept by 1 of 10 records (10.0%, allowed 0.0%: new)",
        "procedures: 1 of 10 records are refused (10.0%, allowed 5.0%)",
    ]


def test_judging_anew_agrees_with_the_refusal_of_the_load(source, load_into, warehouse):
    bad = women(1, age=70, first=50)[0].replace("kyphoplasty", "unknown kind")
    with pytest.raises(LoadStopped) as stopped:
        load_into(source(procedures=[HEADER, *women(4, age=70), bad]), max_refused=0.1)
    judged = read_judged(history_path(warehouse), latest_load(warehouse))
    assert str(stopped.value).splitlines()[0] == reasons_to_refuse(judged)[0]
    assert reasons_to_refuse(judge_by(judged, 0.5, {})) == []


def test_a_fatal_finding_is_refused_under_any_threshold():
    fatal = Judged("key_is_used_once", "leaks", 1, 9, is_fatal=True)
    relaxed = judge_by([fatal], 1.0, {"key_is_used_once": Threshold(1.0)})
    assert reasons_to_refuse(relaxed) == ["leaks: key_is_used_once is not kept (1 of 9 records)"]


def test_a_group_of_eleven_is_not_under_eleven(source, load_into):
    lines = [HEADER, *women(11, age=70), *women(10, age=80, first=101)]
    groups = load_into(source(procedures=lines)).groups
    assert (groups.groups, groups.groups_under_11, groups.procedures_under_11) == (2, 1, 10)
