"""Which shares stop a load."""

import pytest

from etl.mapping.declaration import Threshold
from etl.report import Judged
from etl.threshold import MAX_REFUSED, judge_by, reasons_to_refuse, refusal


@pytest.mark.parametrize(("refused", "is_over"), [(5, False), (6, True)])
def test_a_share_stops_a_load_above_what_is_allowed_and_not_at_it(refused, is_over):
    judged = judge_by([Judged(MAX_REFUSED, "procedures", refused, 100)], 0.05, {})
    assert bool(reasons_to_refuse(judged)) is is_over
    assert bool(refusal(judged)) is is_over


def test_a_rule_without_a_threshold_stops_nothing_but_a_fatal_one_always_does():
    shares = [
        Judged("sound", "procedures", 100, 100),
        Judged("grave", "procedures", 1, 100, is_fatal=True),
    ]
    judged = judge_by(shares, 1.0, {"grave": Threshold(1.0)})
    assert reasons_to_refuse(judged) == ["procedures: grave is not kept (1 of 100 records)"]


def test_the_note_of_a_threshold_is_told_where_it_stops_a_load():
    judged = judge_by(
        [Judged("sound", "leaks", 3, 10)], 1.0, {"sound": Threshold(0.2, "agreed in May")}
    )
    [reason] = reasons_to_refuse(judged)
    assert reason == (
        "leaks: sound is not kept by 3 of 10 records (30.0%, allowed 20.0%: agreed in May)"
    )
