"""Technique from codes, by the rules of the clinical reference (docs/mapping.md, Technique)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from etl.mapping.codes import is_sound_snomed_id, looks_like_snomed, meanings_of, values_of
from etl.mapping.verdicts import CodeFinding, Verdict
from warehouse.vocabulary import TECHNIQUES

_CAVITY, _CEMENT_ONLY = "kyphoplasty_or_mechanical", "vertebroplasty"
_TOLD_APART = (_CAVITY, "kyphoplasty", "implant")
_REGIONS = {"0PU3": "0PS3", "0PU4": "0PS4", "0QU0": "0QS0"}
"""Cement in a region -> reduction in the same region, as inpatient codes begin."""


@dataclass(frozen=True)
class TechniqueEvidence:
    """What a record says about its technique.

    Attributes
    ----------
    stated : str
        The clinical field, in canonical words; empty where it says nothing.
    codes : tuple of str
        Written plainly, one for each unit billed.
    has_balloon : bool
        A balloon volume or pressure is recorded.
    device : str
        Technique that the device names; empty where it is not known.
    """

    stated: str = ""
    codes: tuple[str, ...] = ()
    has_balloon: bool = False
    device: str = ""


def technique_of(evidence: TechniqueEvidence) -> Verdict:
    """Return the technique of one record, with what contradicts it.

    The clinical field is kept where it contradicts the codes, and the contradiction is a finding.
    """
    coded = _coded_technique(evidence)
    findings = _code_findings(evidence.codes, is_told=bool(evidence.stated or coded))
    verdict = Verdict(
        value=evidence.stated or coded,
        levels=levels_billed(evidence.codes),
        out_of_scope=not evidence.stated and not coded and _is_sacral_only(evidence.codes),
    )
    if evidence.stated and coded and _contradicts(evidence.stated, coded):
        findings.append(
            CodeFinding(
                "technique_conflict", f"{evidence.stated}; codes: {coded}", "what the codes say"
            )
        )
    return replace(verdict, findings=tuple(findings))


def levels_billed(codes: Sequence[str]) -> int | None:
    """Return primaries plus add-on units, None where codes of several levels were billed."""
    said = {code: values_of(code, "technique") for code in codes}
    treating = [code for code in codes if set(said[code]) & {_CAVITY, _CEMENT_ONLY}]
    counts = all(code.isdigit() for code in treating)
    inpatient = any(values_of(code, "technique_component") for code in codes)
    return len(treating) if treating and counts and not inpatient else None


def _coded_technique(evidence: TechniqueEvidence) -> str:
    """Return what codes and device say, empty where they say nothing."""
    codes = set(evidence.codes)
    said = {value for code in codes for value in values_of(code, "technique")}
    has_implant = "implant" in said or any(values_of(c, "technique_device") for c in codes)
    cemented = {code[:4] for code in codes if "cement" in values_of(code, "technique_component")}
    reduced = {code[:4] for code in codes if "reduction" in values_of(code, "technique_component")}
    has_cavity = _CAVITY in said or "kyphoplasty" in said
    has_cavity |= any(_REGIONS[region] in reduced for region in cemented)
    has_cement_only = _CEMENT_ONLY in said
    has_cement_only |= any(_REGIONS[region] not in reduced for region in cemented)
    if has_cavity and has_cement_only:
        return "mixed"
    if has_implant:
        return "implant"
    if has_cavity:
        return "kyphoplasty" if "kyphoplasty" in said else _with_device(evidence)
    return _CEMENT_ONLY if has_cement_only else ""


def _with_device(evidence: TechniqueEvidence) -> str:
    """Tell balloon from implant where the code covers both."""
    if evidence.device:
        return evidence.device
    return "kyphoplasty" if evidence.has_balloon else _CAVITY


def _contradicts(stated: str, coded: str) -> bool:
    """Say whether field and codes differ; a field that tells the device apart says more, only."""
    if stated not in TECHNIQUES:
        return False
    return stated != coded and not (coded == _CAVITY and stated in _TOLD_APART)


def _is_sacral_only(codes: Sequence[str]) -> bool:
    sacral = {"sacroplasty_exclude", "cement_sacrum_exclude"}
    return any(meaning.value in sacral for code in codes for meaning in meanings_of(code))


def _code_findings(codes: Sequence[str], *, is_told: bool) -> list[CodeFinding]:
    """Return the codes to look at; other services may be billed beside a known technique."""
    findings = []
    for code in dict.fromkeys(codes):
        if looks_like_snomed(code) and not is_sound_snomed_id(code):
            findings.append(CodeFinding("snomed_ids_are_sound", code, "a sound check digit"))
        elif not is_told and not meanings_of(code):
            findings.append(CodeFinding("codes_are_known", code, "a code of the reference list"))
        elif "review_manually" in values_of(code, "technique"):
            findings.append(
                CodeFinding("codes_tell_the_technique", code, "a technique from the record itself")
            )
    return findings
