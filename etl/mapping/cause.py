"""Cause from diagnoses, by the ten rules of the clinical reference (docs/mapping.md, Cause)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from etl.mapping.codes import is_one_code, values_of
from etl.mapping.verdicts import CodeFinding, Verdict

_STATED = ("osteoporosis", "cancer", "trauma", "other")
_UNSPECIFIED = ("unspecified_collapse", "unspecified_pathological")
_OTHER = ("other_haemangioma", "other_benign_tumour", "other_stress_fracture", "other_pathological")
_ACTIVE_CANCER = "codes: an active cancer of bone"
_NEEDS_CONTEXT = "_if_spine_context"
_KNOWN = {"cancer", "osteoporosis", "trauma", *_UNSPECIFIED, *_OTHER}
_ACTIVE = "ABG"
"""Seventh characters of a fracture that is still being treated: active, open, delayed."""


@dataclass(frozen=True)
class CauseEvidence:
    """What a record says about why the vertebra broke.

    Attributes
    ----------
    stated : str
        The clinical field, in canonical words; empty where it says nothing.
    codes, nearby, history : tuple of str
        Written plainly: on the claim; within 30 days, read where the claim has no fracture
        code; earlier, read for support codes only.
    age_under_50 : bool or None
    has_low_bone_density, takes_steroids : bool
        T-score of -2.5 or less; long-term steroid.
    energy : {'low', 'high', ''}
        As recorded; codes of external causes speak where it is empty.
    biopsy_is_malignant, in_spine_context : bool
        Every code is about the treated vertebra in a spine context.
    """

    stated: str = ""
    codes: tuple[str, ...] = ()
    nearby: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    age_under_50: bool | None = None
    has_low_bone_density: bool = False
    takes_steroids: bool = False
    energy: str = ""
    biopsy_is_malignant: bool = False
    in_spine_context: bool = False


@dataclass(frozen=True)
class _Read:
    """The codes as what they say."""

    fractures: frozenset[str]
    supports: frozenset[str]
    energy: str
    takes_steroids: bool


def cause_of(evidence: CauseEvidence) -> Verdict:
    """Return the cause of one record, its certainty, the rule that fired, and what contradicts it.

    A field that says more than 'unspecified' is kept (rule 1), and a contradiction is a finding.
    """
    read = _read(evidence)
    coded = _by_codes(evidence, read)
    if not evidence.stated or evidence.stated == "unspecified":
        others = _other_findings(evidence, coded, read)
        return replace(coded, findings=(*coded.findings, *others))
    verdict = Verdict(evidence.stated, "stated", "1", findings=coded.findings)
    if evidence.stated not in _STATED:
        return replace(verdict, certainty="", rule="")
    if coded.value not in ("unspecified", evidence.stated):
        verdict = _with_conflict(verdict, f"codes: {coded.value}")
    return replace(verdict, findings=(*verdict.findings, *_code_findings(evidence)))


def _by_codes(evidence: CauseEvidence, read: _Read) -> Verdict:
    """Return what rules 2 to 10 say, the first that holds."""
    fractures, has_cancer = read.fractures, "cancer" in read.supports
    if "cancer" in fractures or evidence.biopsy_is_malignant:
        verdict = Verdict("cancer", "stated", "2")
        return _flag_other_fractures(verdict, fractures - {"cancer"})
    if "osteoporosis" in fractures:
        return _osteoporotic(read, has_cancer)
    if fractures & set(_UNSPECIFIED) and has_cancer:
        verdict = Verdict("cancer", "probable", "3")
        return _flag_other_fractures(verdict, fractures & {"trauma"})
    if "trauma" in fractures:
        verdict = _traumatic(evidence, read)
        return _with_conflict(verdict, _ACTIVE_CANCER) if has_cancer else verdict
    if fractures & set(_OTHER):
        return Verdict("other", "stated", "10")
    return Verdict("unspecified", "unspecified", "9" if fractures else "")


def _osteoporotic(read: _Read, has_cancer: bool) -> Verdict:
    verdict = Verdict("osteoporosis", "stated", "5" if has_cancer else "4")
    if has_cancer:
        verdict = _with_conflict(verdict, _ACTIVE_CANCER)
    if read.energy == "high":
        verdict = _with_conflict(verdict, "codes: a high-energy injury")
    return verdict


def _traumatic(evidence: CauseEvidence, read: _Read) -> Verdict:
    """Tell an injury from a fragile bone: rules 6, 7 and 8."""
    is_fragile = "osteoporosis" in read.supports
    spared = not is_fragile and not read.takes_steroids
    if read.energy == "high" or (evidence.age_under_50 and spared):
        return Verdict("trauma", "stated", "6")
    is_older = evidence.age_under_50 is False
    if read.energy == "low" and (is_fragile or evidence.has_low_bone_density or is_older):
        return Verdict("osteoporosis", "probable", "7")
    return Verdict("trauma", "probable", "8")


def _flag_other_fractures(verdict: Verdict, others: Iterable[str]) -> Verdict:
    """Note fracture codes of another cause on the same claim."""
    for other in sorted(set(others) & {"osteoporosis", "trauma"}):
        verdict = _with_conflict(verdict, f"codes: {other}")
    return verdict


def _with_conflict(verdict: Verdict, found: str) -> Verdict:
    conflict = CodeFinding(
        "cause_conflict", f"{verdict.value}; {found}", "one cause in field and codes"
    )
    return replace(verdict, findings=(*verdict.findings, conflict))


def _read(evidence: CauseEvidence) -> _Read:
    fractures = _fractures(evidence.codes, evidence.in_spine_context)
    near = evidence.codes
    if not fractures:
        fractures = _fractures(evidence.nearby, evidence.in_spine_context)
        near = (*evidence.codes, *evidence.nearby)
    every = (*evidence.codes, *evidence.nearby, *evidence.history)
    supports = frozenset(value for code in every for value in values_of(code, "cause_support"))
    steroids = any("steroid_use" in values_of(code, "covariate") for code in every)
    energy = evidence.energy or _energy(near)
    return _Read(fractures, supports, energy, evidence.takes_steroids or steroids)


def _fractures(codes: Iterable[str], in_spine_context: bool) -> frozenset[str]:
    """Return what fracture codes say; some say it only of a vertebra."""
    said = {value for code in codes for value in values_of(code, "cause")}
    if in_spine_context:
        said = {value.removesuffix(_NEEDS_CONTEXT) for value in said}
    return frozenset(said & _KNOWN)


def _energy(codes: Iterable[str]) -> str:
    said = {value for code in codes for value in values_of(code, "trauma_energy")}
    return "high" if "high" in said else "low" if "low" in said else ""


def _other_findings(evidence: CauseEvidence, coded: Verdict, read: _Read) -> list[CodeFinding]:
    """Return what a person should look at where no field states the cause."""
    findings = _code_findings(evidence)
    untold = []
    if not coded.rule:
        untold.append("no fracture code")
    if "none_flag" in read.supports and coded.value != "cancer":
        untold.append("a history of cancer")
    rule, allowed = "codes_tell_the_cause", "a field or a fracture code"
    return findings + [CodeFinding(rule, found, allowed) for found in untold]


def _code_findings(evidence: CauseEvidence) -> list[CodeFinding]:
    """Return what is no single code, and the fracture codes of follow-up, nonunion or sequela."""
    found = []
    for code in dict.fromkeys(evidence.codes):
        if not is_one_code(code):
            found.append(CodeFinding("codes_are_known", code, "one code, or a code_separator"))
        elif len(code) == 7 and values_of(code, "cause") and code[6] not in _ACTIVE:
            allowed = "a seventh character A, B or G"
            found.append(CodeFinding("codes_are_of_this_treatment", code, allowed))
    return found
