"""Codes are read however they are written, and give technique and cause by the written rules."""

import pytest

from etl.mapping.cause import CauseEvidence, cause_of
from etl.mapping.codes import codes_in, is_sound_snomed_id, values_of, written_plainly
from etl.mapping.technique import TechniqueEvidence, technique_of


def technique(*codes: str, **evidence: object) -> str:
    return technique_of(TechniqueEvidence(codes=codes, **evidence)).value  # type: ignore[arg-type]


def cause(*codes: str, **evidence: object) -> tuple[str, str, str]:
    plain = tuple(map(written_plainly, codes))
    verdict = cause_of(CauseEvidence(codes=plain, **evidence))  # type: ignore[arg-type]
    return verdict.value, verdict.certainty, verdict.rule


def conflicts(*codes: str, **evidence: object) -> list[str]:
    plain = tuple(map(written_plainly, codes))
    verdict = cause_of(CauseEvidence(codes=plain, **evidence))  # type: ignore[arg-type]
    return [finding.found for finding in verdict.findings if finding.rule == "cause_conflict"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [("m80.08xa", "M8008XA"), (" M80.08 XA", "M8008XA"), ("22513-50", "22513"), ("", "")],
)
def test_a_code_is_read_without_dots_blanks_case_and_modifier(written, plain):
    assert written_plainly(written) == plain


def test_several_codes_of_a_cell_are_parted_by_the_declared_separator():
    assert codes_in("22514; 22515;22515", ";") == ("22514", "22515", "22515")
    assert codes_in("22514; 22515") == ("22514;22515",)


@pytest.mark.parametrize("code", ["M8008XA", "M8008X", "M8008"])
def test_a_seventh_character_or_its_placeholder_may_be_missing(code):
    assert values_of(code, "cause") == ("osteoporosis",)


@pytest.mark.parametrize(
    ("identifier", "is_sound"),
    [
        ("736534008", True),  # EQ-5D-5L index value, in the reference list
        ("22298006", True),  # myocardial infarction
        ("447766008", False),  # seen in public repositories; its check digit is wrong
        ("736534009", False),
        ("22513", False),  # too short for an id
    ],
)
def test_the_check_digit_of_a_snomed_id_is_judged(identifier, is_sound):
    assert is_sound_snomed_id(identifier) is is_sound


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("22513",), "kyphoplasty_or_mechanical"),
        (("22514", "22515"), "kyphoplasty_or_mechanical"),
        (("22523",), "kyphoplasty_or_mechanical"),
        (("C7507",), "kyphoplasty_or_mechanical"),
        (("22510", "22512"), "vertebroplasty"),
        (("22521",), "vertebroplasty"),
        (("C7504",), "vertebroplasty"),
        (("22513", "C1062"), "implant"),
        (("XNU0356",), "implant"),
        (("22513", "22511"), "mixed"),
        (("22513", "22511", "C1062"), "mixed"),
        (("0QU03JZ",), "vertebroplasty"),
        (("0QU03JZ", "0QS03ZZ"), "kyphoplasty_or_mechanical"),
        (("0PU43JZ", "0QS03ZZ"), "vertebroplasty"),  # reduced in another region
        (("0PU43JZ", "0PS43ZZ", "0QU03JZ"), "mixed"),  # thoracic reduced, lumbar not
        (("V444",), "vertebroplasty"),
        (("V445",), "kyphoplasty"),
        (("0QS03ZZ",), ""),  # reduced without cement
        (("22899",), ""),
        ((), ""),
    ],
)
def test_technique_follows_from_codes(codes, expected):
    assert technique(*codes) == expected


def test_a_balloon_or_a_device_tells_what_the_code_leaves_open():
    assert technique("22513", has_balloon=True) == "kyphoplasty"
    assert technique("22513", device="implant") == "implant"
    assert technique("22511", has_balloon=True) == "vertebroplasty"


def test_only_sacral_codes_are_out_of_scope():
    assert technique_of(TechniqueEvidence(codes=("0200T",))).out_of_scope
    assert technique_of(TechniqueEvidence(codes=("0QU13JZ",))).out_of_scope
    assert not technique_of(TechniqueEvidence(codes=("0200T", "22511"))).out_of_scope
    assert not technique_of(TechniqueEvidence(codes=("22899",))).out_of_scope


@pytest.mark.parametrize(
    ("codes", "levels"),
    [
        (("22514",), 1),
        (("22514", "22515", "22515"), 3),
        (("22511", "22513", "22515"), 3),
        (("22514", "20225"), 1),  # a biopsy is no level
        (("C7507",), None),  # first and any additional
        (("0QU03JZ",), None),
        ((), None),
    ],
)
def test_primary_and_add_on_codes_count_levels(codes, levels):
    assert technique_of(TechniqueEvidence(codes=codes)).levels == levels


def test_the_recorded_technique_is_kept_and_a_contradiction_is_found():
    kept = technique_of(TechniqueEvidence("vertebroplasty", ("22514",)))
    assert kept.value == "vertebroplasty"
    assert [(f.rule, f.found) for f in kept.findings] == [
        ("technique_conflict", "vertebroplasty; codes: kyphoplasty_or_mechanical")
    ]


@pytest.mark.parametrize("stated", ["kyphoplasty", "implant", "kyphoplasty_or_mechanical"])
def test_a_field_that_says_more_than_the_code_contradicts_nothing(stated):
    assert technique_of(TechniqueEvidence(stated, ("22514",))).findings == ()


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        (("22899",), "codes_tell_the_technique"),
        (("99999",), "codes_are_known"),
        (("447766008",), "snomed_ids_are_sound"),
    ],
)
def test_a_code_that_tells_nothing_is_found(codes, rule):
    findings = technique_of(TechniqueEvidence(codes=codes)).findings
    assert [(f.rule, f.found) for f in findings] == [(rule, codes[0])]


def test_services_billed_beside_a_known_technique_are_not_listed():
    assert technique_of(TechniqueEvidence(codes=("22514", "20225"))).findings == ()


@pytest.mark.parametrize(
    ("codes", "evidence", "expected"),
    [
        # 1: the field speaks.
        (("M84.58XA",), {"stated": "trauma"}, ("trauma", "stated", "1")),
        # 2: a neoplastic fracture, or a malignant biopsy.
        (("M84.58XA",), {}, ("cancer", "stated", "2")),
        (("M84.58XA", "M80.08XA", "S32.010A"), {}, ("cancer", "stated", "2")),
        (("M80.08XA",), {"biopsy_is_malignant": True}, ("cancer", "stated", "2")),
        (("M84.50XA",), {"in_spine_context": True}, ("cancer", "stated", "2")),
        (("M84.50XA",), {}, ("unspecified", "unspecified", "")),
        # 3: a collapse with an active cancer is probable; a history or MGUS is none.
        (("M48.54XA", "C79.51"), {}, ("cancer", "probable", "3")),
        (("M84.48XA", "C90.00"), {}, ("cancer", "probable", "3")),
        (("M48.54XA", "C90.30"), {}, ("cancer", "probable", "3")),
        (("M48.54XA", "Z85.3"), {}, ("unspecified", "unspecified", "9")),
        (("M48.54XA", "D47.2"), {}, ("unspecified", "unspecified", "9")),
        # A cancer without a fracture code proves nothing about the fracture.
        (("C79.51",), {}, ("unspecified", "unspecified", "")),
        # 4: osteoporotic, whatever low-energy injury or history stands beside it.
        (("M80.08XA",), {}, ("osteoporosis", "stated", "4")),
        (("M80.88XA", "S22.080A", "W19.XXXA", "Z85.3"), {}, ("osteoporosis", "stated", "4")),
        (("M80.00XA",), {"in_spine_context": True}, ("osteoporosis", "stated", "4")),
        (("M80.08XA", "V43.52XA"), {}, ("osteoporosis", "stated", "4")),
        # 5: osteoporotic beside an active cancer of bone.
        (("M80.08XA", "C79.51"), {}, ("osteoporosis", "stated", "5")),
        # 6: a high-energy injury, or a young person without a reason for weak bone.
        (("S32.010A", "V43.52XA"), {}, ("trauma", "stated", "6")),
        (("S32.010A",), {"energy": "high"}, ("trauma", "stated", "6")),
        (("S32.010A",), {"age_under_50": True}, ("trauma", "stated", "6")),
        (
            ("S32.010A",),
            {"age_under_50": True, "takes_steroids": True},
            ("trauma", "probable", "8"),
        ),
        (("S32.010A", "Z79.52"), {"age_under_50": True}, ("trauma", "probable", "8")),
        (("S32.010A", "M81.0"), {"age_under_50": True}, ("trauma", "probable", "8")),
        # 7: a low-energy fall and weak bone or 50 years.
        (("S22.080A", "W19.XXXA", "M81.0"), {}, ("osteoporosis", "probable", "7")),
        (("S22.080A", "W01.0XXA"), {"age_under_50": False}, ("osteoporosis", "probable", "7")),
        (
            ("S22.080A", "W18.30XA"),
            {"has_low_bone_density": True},
            ("osteoporosis", "probable", "7"),
        ),
        (
            ("S22.080A",),
            {"energy": "low", "age_under_50": False},
            ("osteoporosis", "probable", "7"),
        ),
        # 8: an injury code otherwise; a fall from a height is neither low nor high by itself.
        (("S12.400A",), {}, ("trauma", "probable", "8")),
        (("S32.010A", "W10.9XXA"), {"age_under_50": False}, ("trauma", "probable", "8")),
        # 9: collapsed, not said why.
        (("M48.54XA",), {}, ("unspecified", "unspecified", "9")),
        (("M48.54XA", "M81.0"), {}, ("unspecified", "unspecified", "9")),
        # 10: something else.
        (("D18.09",), {}, ("other", "stated", "10")),
        (("D16.6", "M48.54XA"), {}, ("other", "stated", "10")),
        (("S32.10XA",), {}, ("unspecified", "unspecified", "")),  # the sacrum
        ((), {}, ("unspecified", "unspecified", "")),
        # 'unspecified' in the field says nothing, so the codes do.
        (("M80.08XA",), {"stated": "unspecified"}, ("osteoporosis", "stated", "4")),
        # What is no canonical word is left for the ordinary check to refuse.
        (("M80.08XA",), {"stated": "osteop"}, ("osteop", "", "")),
    ],
)
def test_cause_follows_from_the_first_rule_that_holds(codes, evidence, expected):
    assert cause(*codes, **evidence) == expected


@pytest.mark.parametrize(
    ("codes", "evidence", "found"),
    [
        (("M80.08XA", "C79.51"), {}, ["osteoporosis; codes: an active cancer of bone"]),
        (("M80.08XA", "V43.52XA"), {}, ["osteoporosis; codes: a high-energy injury"]),
        (("M84.58XA", "M80.08XA"), {}, ["cancer; codes: osteoporosis"]),
        (("M84.58XA", "S22.080A"), {}, ["cancer; codes: trauma"]),
        (("S22.080A", "C79.51"), {}, ["trauma; codes: an active cancer of bone"]),
        (("M84.58XA",), {"stated": "trauma"}, ["trauma; codes: cancer"]),
        (("M84.58XA", "C79.51"), {}, []),
        (("M80.08XA", "S22.080A", "W19.XXXA"), {}, []),
        (("M48.54XA",), {"stated": "cancer"}, []),
    ],
)
def test_what_contradicts_a_cause_is_never_silent(codes, evidence, found):
    assert conflicts(*codes, **evidence) == found


def test_near_diagnoses_speak_only_where_the_claim_has_no_fracture_code():
    near = {"nearby": ("M8458XA",), "history": ("C7951",)}
    assert cause("M48.54XA", **near) == ("cancer", "probable", "3")
    assert cause("R52", **near) == ("cancer", "stated", "2")
    # An earlier fracture code is not about this fracture.
    assert cause("R52", history=("M8458XA",)) == ("unspecified", "unspecified", "")


@pytest.mark.parametrize(("code", "is_late"), [("M8008XA", False), ("M8008XG", False),
    ("M8008XD", True), ("M8008XS", True), ("S32010B", False), ("I219", False)])  # fmt: skip
def test_codes_of_follow_up_and_sequela_are_found(code, is_late):
    rules = [finding.rule for finding in cause_of(CauseEvidence(codes=(code,))).findings]
    assert ("codes_are_of_this_treatment" in rules) is is_late


def test_a_cause_that_nothing_tells_and_a_history_of_cancer_are_found():
    untold = cause_of(CauseEvidence(codes=("Z853",))).findings
    assert [(f.rule, f.found) for f in untold] == [
        ("codes_tell_the_cause", "no fracture code"),
        ("codes_tell_the_cause", "a history of cancer"),
    ]


def test_several_codes_without_a_declared_separator_say_nothing_and_are_found():
    # As one text it starts with a neoplastic fracture code; it must not pass for that code.
    verdict = cause_of(CauseEvidence(codes=codes_in("M84.58XA; C79.51")))
    assert verdict.value == "unspecified"
    assert ("codes_are_known", "M8458XA;C7951") in [(f.rule, f.found) for f in verdict.findings]
    assert technique("22514;22515") == ""
