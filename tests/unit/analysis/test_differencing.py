"""Whoever adds and subtracts what is shown outside never arrives at a count of 1 to 10.

The attack knows every stratum and day, and which rows are shown; it looks through every set of
procedures, and asks whether any linear combination of the shown rows counts just that set.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import protect, rolled_up
from analysis.results import measures_table

CAUSES = {"osteoporosis": ("kyphoplasty", "vertebroplasty", ""), "cancer": ("kyphoplasty", "")}
"""Cause -> its techniques; '' is what its total holds beyond them, which has no row."""

STRATA = tuple((cause, arm) for cause, arms in CAUSES.items() for arm in arms)
DAYS = (30, 90)
COUNTS = st.one_of(st.integers(0, 14), st.integers(0, 60))


def rows_of_tables(counts, denominators, days):
    """Return rows of total, causes and techniques by day; `counts` are events in each interval."""
    reached = np.cumsum(np.array(counts).reshape(len(days), len(STRATA)), axis=0)
    sizes = np.array(denominators) + reached[-1]
    rows = []
    for events, day in zip(reached, days, strict=True):
        for (cause, technique), held in strata_held().items():
            n, N = int(events[held].sum()), int(sizes[held].sum())
            named = {"measure": "leak", "cause": cause, "technique": technique, "at": day}
            rows.append({**named, "n": n, "N": N, "value": n / N if N else None})
    return rows


def strata_held():
    """Return the stratum of each row -> the places in STRATA that it holds."""
    rows = {("", ""): list(range(len(STRATA)))}
    for place, (cause, technique) in enumerate(STRATA):
        rows.setdefault((cause, ""), []).append(place)
        if technique:
            rows[cause, technique] = [place]
    return rows


def every_set(size):
    """Return all sets of `size` atoms but the empty one, as rows of 0 and 1."""
    numbers = np.arange(1, 2**size)
    return ((numbers[:, None] >> np.arange(size)) & 1).astype(float)


def sets_that_can_be_counted(shown_atoms, size):
    """Return the sets of atoms that some linear combination of the shown rows counts."""
    sets = every_set(size)
    if not shown_atoms:
        return sets[:0]
    rows = np.array(shown_atoms)
    weights = np.linalg.pinv(rows)
    return sets[np.abs(sets - sets @ weights @ rows).max(axis=1) < 1e-6]


def atoms_of(shown, days):
    """Return the atoms, stratum by interval, that each shown row holds, with an event."""
    held = strata_held()
    atoms = []
    for row in shown.loc[~shown["suppressed"]].itertuples():
        if (row.cause, row.technique) not in held:
            continue  # a row of strata together: a total less its shown parts
        marks = np.zeros((len(days), len(STRATA)))
        marks[: days.index(row.at) + 1, held[row.cause, row.technique]] = 1
        atoms.append(marks.ravel())
    return atoms


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    st.lists(COUNTS, min_size=10, max_size=10), st.lists(st.integers(0, 60), min_size=5, max_size=5)
)
def test_no_combination_of_shown_rows_counts_1_to_10_events(counts, without):
    rows = rows_of_tables(counts, without, DAYS)
    shown = rolled_up(protect(measures_table(rows), "outside"))
    sets = sets_that_can_be_counted(atoms_of(shown, DAYS), len(counts))
    reached = sets @ np.array(counts)
    assert not ((reached > 0.5) & (reached < 10.5)).any()


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(COUNTS, min_size=5, max_size=5), st.lists(COUNTS, min_size=5, max_size=5))
def test_no_combination_of_shown_rows_counts_1_to_10_procedures_or_those_without(counts, without):
    shown = rolled_up(protect(measures_table(rows_of_tables(counts, without, (30,))), "outside"))
    sets = sets_that_can_be_counted(atoms_of(shown, (30,)), len(STRATA))
    for numbers in (np.array(without), np.array(counts) + np.array(without)):
        reached = sets @ numbers
        assert not ((reached > 0.5) & (reached < 10.5)).any()


def test_the_attack_finds_a_small_count_where_only_small_rows_are_withheld():
    counts = [40, 30, 4, 60, 0]  # the 4 of osteoporosis stand in no row: 74 - 40 - 30
    rows = rows_of_tables(counts, [200] * 5, (30,))
    shown = measures_table(rows).assign(suppressed=False)
    sets = sets_that_can_be_counted(atoms_of(shown, (30,)), len(STRATA))
    assert 4 in {round(number) for number in sets @ np.array(counts)}


def test_what_is_left_of_a_total_may_not_grow_by_a_small_count_between_two_days():
    # Cancer's other 40 become 43 by day 90: 3 events, in no row, yet a difference of differences.
    rows = rows_of_tables([100, 90, 0, 50, 40, 60, 60, 0, 30, 3], [400, 400, 0, 300, 300], DAYS)
    shown = protect(measures_table(rows), "outside")
    visible = shown.loc[~shown["suppressed"]].set_index(["cause", "technique", "at"])["n"]
    assert ("cancer", "", 30) in visible
    assert ("cancer", "kyphoplasty", 30) not in visible
    assert ("cancer", "kyphoplasty", 90) in visible


def test_denominators_that_differ_by_a_small_count_between_days_are_not_both_shown():
    # 500 reviewed to day 30, 496 to day 90: four were not reviewed any longer.
    rows = [
        {"measure": "leak", "cause": "", "technique": "", "at": at, "n": n, "N": N, "value": n / N}
        for at, n, N in ((30, 40, 500), (90, 60, 496))
    ]
    assert list(protect(measures_table(rows), "outside")["suppressed"]) == [True, False]


def test_a_technique_pooled_over_causes_is_not_shown_beside_its_causes():
    rows = [
        {"measure": "leak", "cause": cause, "technique": arm, "n": 50, "N": 400, "value": 0.125}
        for cause, arm in (("cancer", "implant"), ("trauma", "implant"), ("", "implant"))
    ]
    assert list(protect(measures_table(rows), "outside")["suppressed"]) == [False, False, True]


def table_of(*cells, **others):
    rows = [
        {"measure": "leak", "cause": cause, "technique": arm, "n": n, "N": N, "value": n / N,
         "method": "proportion, Wilson interval", "conf_level": 0.95, **others}
        for cause, arm, n, N in cells
    ]  # fmt: skip
    return rolled_up(protect(measures_table(rows), "outside"))


CANCER = (
    ("cancer", "", 104, 900),
    ("cancer", "kyphoplasty", 70, 400),
    ("cancer", "vertebroplasty", 30, 300),
    ("cancer", "implant", 4, 200),
)


def test_withheld_techniques_are_shown_together_behind_them():
    shown = table_of(*CANCER)
    assert list(shown["technique"]) == [
        "", "kyphoplasty", "vertebroplasty", "implant", "all but kyphoplasty",
    ]  # fmt: skip
    together = shown.iloc[-1]
    # 104 - 70 of 900 - 400.
    assert (together["cause"], together["n"], together["N"]) == ("cancer", 34, 500)
    # Wilson, by hand, z = 1.959964: centre (0.068 + z^2/1000) / (1 + z^2/500) = 0.071294,
    # half-width 0.022228.
    assert together[["value", "lower", "upper"]].tolist() == pytest.approx(
        [0.068, 0.049066, 0.093522], abs=1e-5
    )
    assert "vertebroplasty" in together["note"]
    assert "implant" in together["note"]
    assert list(shown["note"])[2:4] == ["counted in: cancer, all but kyphoplasty"] * 2
    assert list(shown["suppressed"]) == [False, False, True, True, False]


def test_where_every_technique_is_withheld_the_cause_counts_them():
    shown = table_of(("cancer", "", 20, 90), ("cancer", "implant", 9, 40),
                     ("cancer", "kyphoplasty", 11, 50))  # fmt: skip
    assert list(shown["suppressed"]) == [False, True, True]
    assert list(shown["note"])[1:] == ["counted in: cancer, all techniques"] * 2


def test_withheld_causes_are_shown_together():
    shown = table_of(("", "", 200, 900), ("osteoporosis", "", 150, 600), ("cancer", "", 44, 200),
                     ("trauma", "", 6, 100))  # fmt: skip
    together = shown.iloc[-1]
    assert (together["cause"], together["n"], together["N"]) == ("all but osteoporosis", 50, 300)


def test_an_estimate_that_counts_cannot_give_is_left_empty():
    shown = table_of(*CANCER, method="Aalen-Johansen, log-log interval")
    together = shown.iloc[-1]
    assert (together["n"], together["method"]) == (34, "counts only")
    assert together[["value", "lower", "upper"]].isna().all()
