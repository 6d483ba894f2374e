"""How far records hide in each other: k-anonymity on what others may know of a patient.

Safe Harbor asks for no such measure. It tells a practice what a set of records without direct
identifiers would still give away to somebody who knows, say, age, sex, place and year.

References
----------
Sweeney 2002, Int J Uncertain Fuzz 10:557-570, https://doi.org/10.1142/S0218488502001648
El Emam et al. 2009, J Am Med Inform Assoc 16:670-682, https://doi.org/10.1197/jamia.M3144
"""

from dataclasses import asdict, dataclass
from typing import Any

from warehouse.connection import Connection
from warehouse.sql_files import read_sql

QUASI_IDENTIFIERS = {
    "age_years": "age",
    "sex": "sex",
    "procedure_year": "year",
    "procedure_month": "month",
    "site_id": "site",
    "surgeon_id": "surgeon",
    "cause": "cause",
    "technique": "technique",
    "treated_levels": "levels",
    "died": "death",
}
"""Quasi-identifier -> its word; in the order in which the query counts their bits, highest first.

Each can be known from outside the records, stays the same, and tells people apart: what
neighbours, employers, death notices and the care team know.
"""

WIDELY_KNOWN = ("age_years", "sex", "procedure_year", "procedure_month", "site_id")
"""What an acquaintance may know without any insight into the treatment."""

_BITS = {name: 1 << place for place, name in enumerate(reversed(QUASI_IDENTIFIERS))}


@dataclass(frozen=True)
class ClassSizes:
    """How large the classes are that one set of quasi-identifiers makes.

    A class is the procedures with equal values; its size is its number of different patients.

    Attributes
    ----------
    classes, classes_under_5, classes_under_11 : int
    smallest : int or None
        Patients in the smallest class: the k of k-anonymity; None without procedures.
    share_under_5, share_under_11 : float or None
        Share of all procedures, 0 to 1, that are in such classes.
    average_risk : float or None
        Classes by procedures, 0 to 1: how often somebody who knows these of a patient and picks a
        procedure at random from the right class picks the right one.
    """

    classes: int
    smallest: int | None
    classes_under_5: int
    classes_under_11: int
    share_under_5: float | None
    share_under_11: float | None
    average_risk: float | None


@dataclass(frozen=True)
class Contribution:
    """What one quasi-identifier adds to what is widely known.

    Attributes
    ----------
    name : str
    without, having : ClassSizes
        Of the widely known ones without it, and with it.
    """

    name: str
    without: ClassSizes
    having: ClassSizes

    @property
    def added_risk(self) -> float:
        """Return by how much it raises the average risk."""
        return (self.having.average_risk or 0) - (self.without.average_risk or 0)


@dataclass(frozen=True)
class AnonymityReport:
    """k-anonymity of the canonical records.

    Attributes
    ----------
    procedures : int
    every : ClassSizes
        With all quasi-identifiers together.
    widely_known : ClassSizes
        With age, sex, year, month and site only.
    contributions : tuple of Contribution
        Those first that raise the average risk most.
    """

    procedures: int
    every: ClassSizes
    widely_known: ClassSizes
    contributions: tuple[Contribution, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return asdict(self) | {"quasi_identifiers": list(QUASI_IDENTIFIERS)}

    def in_words(self) -> list[str]:
        """Return the lines that a person reads."""
        if not self.procedures:
            return ["k-anonymity: no procedure to gauge"]
        some = [QUASI_IDENTIFIERS[name] for name in WIDELY_KNOWN]
        return [
            f"k-anonymity of {self.procedures:,} procedures, classes sized in patients:",
            f"  by {', '.join(some)}: {_in_words(self.widely_known)}",
            f"  by these and surgeon, cause, technique, levels, death: {_in_words(self.every)}",
            *self._contributions_in_words(),
        ]

    def _contributions_in_words(self) -> list[str]:
        told = [
            f"{QUASI_IDENTIFIERS[added.name]} ({added.without.average_risk:.1%} without, "
            f"{added.having.average_risk:.1%} with it)"
            for added in self.contributions[:3]
            if added.added_risk > 0
        ]
        return [f"  what adds most to the average risk: {', '.join(told)}"] if told else []


def anonymity_report(
    connection: Connection,
    *,
    procedures: str = "procedures",
    treated_levels: str = "treated_levels",
) -> AnonymityReport:
    """Gauge how many patients share each combination of quasi-identifiers; no record is returned.

    Parameters
    ----------
    connection : Connection
    procedures, treated_levels : str
        Tables or views with the canonical columns, `procedure_key` and, of procedures,
        `patient_key`; in a load `known_procedures` and `known_treated_levels` are all that will be
        published.
    """
    connection.execute(f"create or replace temp view gauged_procedures as from {procedures}")
    connection.execute(f"create or replace temp view gauged_levels as from {treated_levels}")
    connection.execute(
        "create or replace temp table quasi_identifiers as " + read_sql("privacy/quasi_identifiers")
    )
    rows = connection.execute(read_sql("privacy/anonymity")).fetchall()
    connection.execute("drop table quasi_identifiers")
    return _report({absent: _sizes(*counts) for absent, *counts in rows}, rows)


def _report(found: dict[int, ClassSizes], rows: list[tuple[int, ...]]) -> AnonymityReport:
    known = sum(bit for name, bit in _BITS.items() if name not in WIDELY_KNOWN)
    contributions = [
        Contribution(name, found.get(known | bit, _NONE), found.get(known & ~bit, _NONE))
        for name, bit in _BITS.items()
    ]
    return AnonymityReport(
        procedures=next((procedures for absent, procedures, *_ in rows if absent == 0), 0),
        every=found.get(0, _NONE),
        widely_known=found.get(known, _NONE),
        contributions=tuple(sorted(contributions, key=lambda added: -added.added_risk)),
    )


_NONE = ClassSizes(0, None, 0, 0, None, None, None)


def _sizes(
    procedures: int,
    classes: int,
    smallest: int,
    classes_under_5: int,
    classes_under_11: int,
    *in_small: int,
) -> ClassSizes:
    shares = [count / procedures for count in (*in_small, classes)]
    return ClassSizes(classes, smallest, classes_under_5, classes_under_11, *shares)


def _in_words(sizes: ClassSizes) -> str:
    return (
        f"smallest class {sizes.smallest}; of {sizes.classes:,} classes "
        f"{sizes.classes_under_11:,} under 11 hold {sizes.share_under_11:.1%} of procedures, "
        f"{sizes.classes_under_5:,} under 5 hold {sizes.share_under_5:.1%}; "
        f"average risk {sizes.average_risk:.1%}"
    )
