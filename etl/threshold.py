"""Decide whether what was found stops a load."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from etl.mapping.declaration import Threshold
from etl.report import Finding, Judged, TableCounts
from etl.validate import PARENT_REFUSED
from warehouse.connection import Connection

MAX_REFUSED = "max_refused"


def judged_shares(
    connection: Connection,
    counts: Mapping[str, TableCounts],
    findings: Iterable[Finding],
    max_refused: float,
    thresholds: Mapping[str, Threshold],
) -> tuple[Judged, ...]:
    """Return every share that may stop a load, with what is allowed of it.

    Rows that only follow their refused parent do not count: the parent has been counted.
    `thresholds` gives, rule by rule, the share of records above which that rule stops the load.
    """
    followers = _followers(connection)
    found = [
        Judged(f.rule, f.table, f.count, f.of, is_fatal=f.severity == "fatal") for f in findings
    ]
    found += [
        Judged(MAX_REFUSED, table, count.quarantined - followers.get(table, 0), count.read)
        for table, count in counts.items()
        if count.read
    ]
    return judge_by(found, max_refused, thresholds)


def judge_by(
    judged: Iterable[Judged], max_refused: float, thresholds: Mapping[str, Threshold]
) -> tuple[Judged, ...]:
    """Return the same shares with what these thresholds allow of them."""
    known = {**thresholds, MAX_REFUSED: Threshold(max_refused)}
    return tuple(
        replace(one, allowed=set_.share, note=set_.note)
        if (set_ := known.get(one.rule))
        else replace(one, allowed=None, note="")
        for one in judged
    )


def reasons_to_refuse(judged: Sequence[Judged]) -> list[str]:
    """Return why a load must not be published, a line each; none when it may be."""
    fatal = [_in_words(one) for one in judged if one.is_fatal]
    over = [one for one in judged if one.allowed is not None and one.share > one.allowed]
    of_rules = [_in_words(one) for one in over if one.rule != MAX_REFUSED and not one.is_fatal]
    return fatal + of_rules + [_in_words(one) for one in over if one.rule == MAX_REFUSED]


def refusal(judged: Sequence[Judged]) -> str:
    """Return the message of a refused load, with the remedy; empty when it may be published."""
    reasons = reasons_to_refuse(judged)
    if not reasons:
        return ""
    return (
        "\n".join(reasons) + "\n  Nothing was loaded. Correct the source file (the quarantine says "
        "what is wrong with each record), or allow more (--max-refused, or [thresholds] of a "
        "mapping), and load again."
    )


def _in_words(one: Judged) -> str:
    if one.is_fatal:
        return f"{one.table}: {one.rule} is not kept ({one.count} of {one.of} records)"
    shares = f"{one.share:.1%}, allowed {one.allowed:.1%}"
    if one.rule == MAX_REFUSED:
        return f"{one.table}: {one.count} of {one.of} records are refused ({shares})"
    note = f": {one.note}" if one.note else ""
    return (
        f"{one.table}: {one.rule} is not kept by {one.count} of {one.of} records ({shares}{note})"
    )


def _followers(connection: Connection) -> dict[str, int]:
    """Return per table how many rows are refused with their parent, whatever else they have."""
    return dict(
        connection.execute(
            """
            select table_name, count(*)
            from (
                select table_name, record
                from refusals
                group by table_name, record
                having bool_or(rule = $parent_refused)
            )
            group by table_name
            """,
            {"parent_refused": PARENT_REFUSED},
        ).fetchall()
    )
