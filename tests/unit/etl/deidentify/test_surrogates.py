"""Surrogates say nothing, and nothing takes them for an identifier."""

import itertools
import re

import pytest

from etl.deidentification import find_identifiers
from etl.deidentify.surrogates import PREFIXES, SURROGATE_PATTERN, new_surrogate
from warehouse.connection import open_for_building


@pytest.mark.parametrize("kind", PREFIXES)
def test_a_surrogate_has_the_declared_form(kind):
    surrogate = new_surrogate(kind, ())
    assert re.fullmatch(SURROGATE_PATTERN, surrogate)
    assert surrogate[0] == PREFIXES[kind]


def test_surrogates_come_in_no_order_and_do_not_repeat():
    drawn = [new_surrogate("patient", ()) for _ in range(2000)]
    assert len(set(drawn)) == 2000
    # The ascents of a random order of n vary by (n + 1) / 12, so 5 standard deviations are 65.
    rising = sum(a < b for a, b in itertools.pairwise(drawn))
    assert abs(rising - 999.5) < 65


def test_a_surrogate_that_is_taken_is_drawn_again(monkeypatch):
    drawn = iter("0B" * 7 + "1C" * 7)
    monkeypatch.setattr("etl.deidentify.surrogates.secrets.choice", lambda _: next(drawn))
    assert new_surrogate("site", {"H" + "0B" * 7}) == "H" + "1C" * 7


def test_no_surrogate_raises_a_false_alarm():
    with open_for_building(None) as connection:
        connection.execute("create table drawn (patient_id varchar, surgeon_id varchar)")
        rows = [(new_surrogate("patient", ()), new_surrogate("surgeon", ())) for _ in range(3000)]
        connection.executemany("insert into drawn values (?, ?)", rows)
        columns = ["patient_id", "surgeon_id"]
        assert find_identifiers(connection, "drawn", columns, privacy_mode="safe_harbor") == []
