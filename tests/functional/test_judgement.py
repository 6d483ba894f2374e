"""`vertebra status --thresholds`: the latest load judged by other thresholds, without loading."""

import json

import pytest

CASES = "case,patient,age,sex,kind\n" + "".join(
    f"C{n},P{n},70,female,{'BKP' if n < 10 else 'odd'}\n" for n in range(1, 11)
)
MAPPING = """
mapping = 1
reviewed = true
[thresholds]
max_refused = {max_refused}
{more}
[procedures]
source = "cases"
[procedures.columns]
procedure_id = "case"
patient_id = "patient"
site_id = {{ value = "A" }}
procedure_year = {{ value = 2024 }}
cause = {{ value = "osteoporosis" }}
age_years = "age"
sex = "sex"
technique = {{ column = "kind", recode = {{ BKP = "kyphoplasty" }} }}
"""


@pytest.fixture
def practice(tmp_path, vertebra_here):
    """Return a function that writes a mapping of given thresholds and runs the command with it."""
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")

    def run(verb, max_refused, more="", *arguments):
        path = tmp_path / "mapping.toml"
        path.write_text(MAPPING.format(max_refused=max_refused, more=more), encoding="utf-8")
        source = (tmp_path / "cases.csv", "--mapping") if verb == "load" else ("--thresholds",)
        warehouse = ("--warehouse", tmp_path / "v.warehouse")
        return vertebra_here(verb, *source, path, *warehouse, *arguments)

    return run


def test_a_load_is_judged_by_other_thresholds_without_loading_again(practice):
    loaded = practice("load", 0.2, "", "--json")
    snapshot = json.loads(loaded.stdout)["snapshot"]
    assert json.loads(loaded.stdout)["anonymity"]["smallest"] == 9
    assert "the smallest group has 9 patients; 9 of 9 procedures (100.0%)" in loaded.stderr
    same = practice("status", 0.2)
    assert same.returncode == 0
    assert "Load 1 would be accepted; nothing was loaded.\nNo threshold has changed." in same.stdout
    stricter = practice("status", 0.05, 'words_are_known = { share = 0.01, note = "agreed" }')
    assert stricter.returncode == 4
    assert "words_are_known is not kept by 1 of 10 records (10.0%, allowed 1.0%: agreed)" in (
        stricter.stdout
    )
    assert "1 of 10 records are refused (10.0%, allowed 5.0%)" in stricter.stdout
    assert "allowed then: 20.0%, now: 5.0%" in stricter.stdout
    told = json.loads(practice("status", 0.05, "", "--json").stdout)
    assert (told["load"], told["would_be"], len(told["reasons"])) == (1, "refused", 1)
    again = json.loads(practice("load", 0.2, "", "--json").stdout)
    assert (again["snapshot"], again["load"]) == (snapshot, 2)


def test_a_threshold_on_small_groups_stops_a_load_and_only_where_it_is_set(practice):
    assert practice("load", 0.2).returncode == 0
    judged = practice("status", 0.2, "records_hide_in_groups = 0.5")
    assert judged.returncode == 4
    stopped = practice("load", 0.2, "records_hide_in_groups = 0.5", "--json")
    assert stopped.returncode == 4
    line = "records_hide_in_groups is not kept by 9 of 9 records (100.0%, allowed 50.0%)"
    assert line in stopped.stderr
    assert line in judged.stdout


def test_without_a_load_there_is_nothing_to_judge(practice):
    done = practice("status", 0.2)
    assert done.returncode == 2
    assert "no load is remembered" in done.stderr
