"""Decide whether what was found stops a load."""

from collections.abc import Mapping

from etl.mapping.declaration import Threshold
from etl.report import Finding, TableCounts
from etl.validate import PARENT_REFUSED
from warehouse.connection import Connection


def check_threshold(
    connection: Connection,
    counts: Mapping[str, TableCounts],
    findings: tuple[Finding, ...],
    max_refused: float,
    thresholds: Mapping[str, Threshold] | None = None,
) -> str:
    """Return why a load must not be published; empty when it may be.

    Rows that only follow their refused parent do not count: the parent has been counted.
    `thresholds` gives, rule by rule, the share of records above which that rule stops the load.
    """
    reasons = [
        f"{finding.table}: {finding.rule} is not kept ({finding.count} of {finding.of} records)"
        for finding in findings
        if finding.severity == "fatal"
    ]
    reasons += _over_their_threshold(findings, thresholds or {})
    followers = _followers(connection)
    for table, count in counts.items():
        refused = count.quarantined - followers.get(table, 0)
        if count.read and refused / count.read > max_refused:
            reasons.append(
                f"{table}: {refused} of {count.read} records are refused "
                f"({refused / count.read:.1%}, allowed {max_refused:.1%})"
            )
    if not reasons:
        return ""
    return (
        "\n".join(reasons) + "\n  Nothing was loaded. Correct the source file (the quarantine says "
        "what is wrong with each record), or allow more with --max-refused, and load again."
    )


def _over_their_threshold(
    findings: tuple[Finding, ...], thresholds: Mapping[str, Threshold]
) -> list[str]:
    return [
        f"{finding.table}: {finding.rule} is not kept by {finding.count} of {finding.of} records "
        f"({finding.count / finding.of:.1%}, allowed {threshold.share:.1%}"
        f"{': ' + threshold.note if threshold.note else ''})"
        for finding in findings
        if (threshold := thresholds.get(finding.rule)) is not None
        and finding.of
        and finding.count / finding.of > threshold.share
    ]


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
