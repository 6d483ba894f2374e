"""The catalogue of shapes: every kind of identifier that a value can be told to be.

Patterns keep to what RE2 and Python's `re` read alike.
"""

from dataclasses import dataclass

from etl import identifier_dates as dates
from etl.identifier_people import FAMILY_NAMES, GIVEN_NAMES
from etl.identifier_scopes import CODINGS, EVERYWHERE, NOT_SURROGATES, SURROGATES, TEXTS, Scope
from etl.identifier_words import (
    ACCOUNT,
    ADDRESS,
    DATE,
    DEVICE,
    EMAIL,
    FAX,
    FREE_TEXT,
    HEALTH_PLAN,
    LICENCE,
    NAME,
    NETWORK,
    OTHER_CODE,
    PHOTOGRAPH,
    POSITION,
    POSTAL_CODE,
    RECORD_NUMBER,
    SOCIAL_SECURITY,
    TELEPHONE,
    VEHICLE,
    WEB,
)
from warehouse.source_schema import TABLES

MAYBE_DATE, DIGITS = "date or number", "number"
"""Whole numbers that read as a date, and others as long: only together they tell which it is."""

AGE = "age over 90"
NO_SURROGATE = "no surrogate key (letters, digits, '_', '.' and '-')"


@dataclass(frozen=True)
class Shape:
    """A pattern that tells a kind of identifier in columns of some scopes."""

    kind: str
    pattern: str
    scopes: tuple[Scope, ...] = EVERYWHERE
    unless: str = ""


_BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_LETTER, _CAPITAL = "A-Za-zÀ-ÖØ-öø-ɏ", "A-ZÀ-ÖØ-Þ"
_START, _END = "(^|[^0-9])", "($|[^0-9])"
_APART, _ENDED = "(^|[^0-9A-Za-z])", "($|[^0-9A-Za-z])"
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]"
    "|T[NX]|UT|V[AT]|W[AIVY]"
)
_PLACES_OF_CARE = (
    "hospital|clinic|center|centre|medical|practice|surgery|institute|health|klinik|krankenhaus"
    "|site|st|saint|san|santa|unit|group|ward"
)
_GIVEN, _FAMILY = "|".join(GIVEN_NAMES), "|".join(FAMILY_NAMES)
_VOCABULARY = sorted(
    {
        part
        for table in TABLES
        for column in table.columns
        for word in column.words
        for part in word.casefold().split("_")
        if len(part) > 2
    }
)


_CLINICAL = rf"(?i)\b({'|'.join(_VOCABULARY)}|{_PLACES_OF_CARE})\b"
"""What holds a word of the vocabulary, or of a place of care, is no name."""


def _labelled(words: str) -> str:
    """Return a pattern for a number with its label, such as 'MRN 123456'."""
    label = (
        f"({words})([ .:#=-]+(no|number|nr|id|#)?[ .:#=-]*([A-Za-z]{{2}} )?[A-Za-z]{{0,3}}"
        "-?[0-9][0-9-]{2,}"
        f"|[0-9]{{3,}}{_ENDED})"
    )
    return f"(?i){_APART}{label}"


_COMPACT = (
    # First, because a whole column of surrogates may be such numbers.
    Shape(MAYBE_DATE, f"^{dates.COMPACT}([0-9]{{4}}|[0-9]{{6}})?$", SURROGATES),
    Shape(MAYBE_DATE, f"^{dates.COMPACT_BACKWARDS}$", SURROGATES),
    Shape(MAYBE_DATE, f"^{dates.YEAR}-(0[1-9]|1[0-2])$", SURROGATES),
    Shape(DIGITS, "^([0-9]{8}|[0-9]{12}|[0-9]{14}|[0-9]{4}-[0-9]{2})$", SURROGATES),
)

_ADDRESSES_OF_MACHINES = (
    Shape(EMAIL, r"[^\s@,;]+@[^\s@]+\.[A-Za-z]{2,}"),
    Shape(
        EMAIL,
        r"(?i)[^\s@,;]+ ?(\(at\)|\[at\]| at ) ?[a-z0-9-]+ ?(\(dot\)|\[dot\]|\.) ?[a-z]{2,}$",
    ),
    Shape(WEB, r"(?i)(https?|ftp)://|(^|[^a-z])www\.", unless=f"^{CODINGS}$"),
    Shape(
        WEB,
        r"(?i)^[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|edu|gov|info|health|io|de|fr|es|uk|ca|us)"
        r"(/\S*|$)",
        (*TEXTS, *SURROGATES),
    ),
    Shape(WEB, r"(^|\s)@[A-Za-z0-9_]{3,}$"),
    Shape(NETWORK, r"(?i)^[a-z0-9-]+\.(local|lan|internal|intranet)$"),
    Shape(NETWORK, rf"(^|[^0-9.])({_BYTE}\.){{3}}{_BYTE}($|[^0-9.])"),
    Shape(NETWORK, "(?i)^([0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}$|^([0-9a-f]{1,4}:)+:[0-9a-f:]*$"),
    Shape(NETWORK, r"(?i)^([0-9a-f]{2}-){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$"),
)

_NUMBERS_OF_PEOPLE = (
    Shape(HEALTH_PLAN, "^[0-9]{3}-?[0-9]{2}-?[0-9]{4}-?[A-Z][0-9]?$", unless="^000"),
    Shape(
        RECORD_NUMBER,
        _labelled(
            "mrn|mr#|med ?rec|medical record|nhs|chart|hosp(ital)? no|uhid|empi|pat(ient)?[- ]?nr"
        ),
    ),
    Shape(SOCIAL_SECURITY, f"{_START}[0-9]{{3}}[- .][0-9]{{2}}[- .][0-9]{{4}}{_END}"),
    Shape(SOCIAL_SECURITY, _labelled("ssn|social security|nino|passport|dni|steuer-?id")),
    Shape(SOCIAL_SECURITY, "^[0-9]{3} [0-9]{3} [0-9]{3}$"),
    Shape(SOCIAL_SECURITY, "^[0-9]{8}-?[A-HJ-NP-TV-Z]$", unless="^000"),
    Shape(SOCIAL_SECURITY, "^[A-CEGHJ-PR-TW-Z]{2} [0-9]{2} [0-9]{2} [0-9]{2} [A-D]$"),
    Shape(SOCIAL_SECURITY, "^[A-CEGHJ-PR-TW-Z]{2}[0-9]{6}[A-D]$", TEXTS),
    Shape(
        SOCIAL_SECURITY,
        "^[12] ?[0-9]{2} ?(0[1-9]|1[0-2]) ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3}( ?[0-9]{2})$",
        NOT_SURROGATES,
    ),
    Shape(FAX, f"(?i){_APART}(tele)?fax[^0-9a-z]{{0,5}}[0-9(+][0-9() ./-]{{5,}}"),
    Shape(
        TELEPHONE,
        f"(?i){_APART}(tel|phone|telephone|mobile|cell|telefon)[^0-9a-z]{{0,5}}"
        "[0-9(+][0-9() ./-]{5,}",
    ),
    Shape(
        TELEPHONE,
        _APART + r"(\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. /]{0,2}[0-9]{3}[-. ][0-9]{4}"
        r"($|[^0-9.]|\.$)",
    ),
    Shape(TELEPHONE, r"\+[0-9][0-9() ./-]{6,}[0-9]"),
    Shape(TELEPHONE, "^00[1-9][0-9 /-]{8,}$", ("other", "place", "moment")),
    Shape(TELEPHONE, "^[2-9][0-9]{2}[- .][0-9]{4}( ?(x|ext)\\.? ?[0-9]+)?$", TEXTS),
    Shape(
        TELEPHONE,
        "^\\(?0[1-9][0-9]{0,4}\\)?[ /][0-9][0-9 /-]{4,}$",
        unless=f"^{dates.DAY}[-/. ]{dates.DAY}[-/. ][0-9]{{2,4}}$",
    ),
    Shape(TELEPHONE, "^\\(0\\) ?[0-9][0-9 /-]{6,}$"),
    Shape(TELEPHONE, "^0[1-9][0-9]{1,4}-[0-9]{5,}$", TEXTS),
    Shape(TELEPHONE, "^[67][0-9]{2} [0-9]{2} [0-9]{2} [0-9]{2}$"),
    Shape(RECORD_NUMBER, "^[0-9]{3} [0-9]{3} [0-9]{4}$"),
    Shape(ACCOUNT, _labelled("acct|account|invoice|claim|konto|encounter|csn|a/c|har|visit ?#")),
    Shape(
        ACCOUNT,
        "^[A-Z]{2}[0-9]{2} ?([A-Z]{4} ?)?([0-9]{4} ?){3,6}[0-9]{0,3}$",
        (*TEXTS, *SURROGATES),
    ),
    Shape(ACCOUNT, "^[3-6][0-9]{3}([ -][0-9]{4}){2}[ -][0-9]{3,4}$"),
    Shape(
        HEALTH_PLAN,
        _labelled(
            "policy|medicare|medicaid|insurance|member|subscriber|mbi|hicn|beneficiary|bcbs|aetna"
            "|cigna|humana|group no"
        ),
    ),
    Shape(
        HEALTH_PLAN,
        "(^| )[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y]"
        "[AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y]{2}[0-9]{2}$",
    ),
    Shape(LICENCE, _labelled("npi|dea|upin|licen[sc]e|certificate|cert|lic")),
    Shape(LICENCE, "^DL[ :#]+[A-Z]?[0-9]{6,}"),
    Shape(LICENCE, "^[ABFGM][A-Z][0-9]{7}$", TEXTS),
)

_THINGS = (
    Shape(VEHICLE, _labelled("vin|plate|vehicle|kennzeichen")),
    Shape(VEHICLE, "(?i)^reg(istration)? ?(no|number|#)[ .:#]+[a-z]{1,3}[- ]?[0-9]"),
    Shape(VEHICLE, f"(?i){_APART}(vin|(licen[sc]e|number) plate)[ :#]+[a-z0-9-]{{4,17}}{_ENDED}"),
    Shape(
        VEHICLE,
        f"(?i){_APART}(plate|kennzeichen)[ :#]+[0-9]?[a-z]{{1,4}}[- ]?[a-z0-9]{{1,3}}[- ]?[0-9]",
    ),
    Shape(
        VEHICLE,
        "^[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{3}[0-9]{5}$",
        (*TEXTS, *SURROGATES),
        unless="^[0-9]*$|^[A-Z]([0-9][A-Z])*$",
    ),
    Shape(DEVICE, _labelled("serial|serial ?no|ser|s/n|sn|lot|batch|udi|di|gtin|ref/lot|ch\\.-b")),
    Shape(
        DEVICE,
        f"(?i){_APART}(lot|batch|serial|s/n)[ .:#=]+((no|nr|number)[ .:#=]+)?"
        f"[a-z0-9-]*[0-9][a-z0-9-]*{_ENDED}",
    ),
    Shape(DEVICE, r"\(01\) ?[0-9]{14}|\((10|21)\)[A-Za-z0-9-]+|\((11|17)\)[0-9]{6}"),
    Shape(DEVICE, "^01[0-9]{14}(11|17|10|21)[0-9A-Za-z]+$"),
    Shape(DEVICE, r"^\+[A-Z][A-Z0-9]{3}[0-9A-Z]{2,19}(/[$0-9A-Z+%.-]+)?$|^=/"),
    Shape(
        PHOTOGRAPH,
        r"(?i)\.(jpe?g|png|gif|bmp|tiff?|heic|webp|dcm|dicom|nii|mp4|mov|avi|wav|mp3|m4a|pdf|docx?)$"
        r"|^data:(image|audio|video)/",
    ),
    # A UUID that tells when (and versions 1 and 2 where) it was made, of the years 1997 to 2038: by
    # chance, one of 1,700 of those that are wholly random and heed no version looks so.
    Shape(
        OTHER_CODE,
        r"(?i)^(urn:uuid:|\{)?("
        r"[0-9a-f]{8}-[0-9a-f]{4}-[12]1[d-f][0-9a-f]|1[d-f][0-9a-f]{6}-[0-9a-f]{4}-6[0-9a-f]{3}"
        r"|01[4-9a-f][0-9a-f]{5}-[0-9a-f]{4}-7[0-9a-f]{3}"
        r")-[89ab]",
    ),
)

_PLACES = (
    Shape(POSITION, r"^-?[0-9]{1,3}\.[0-9]{3,}[ ,;]+-?[0-9]{1,3}\.[0-9]{3,}$|[0-9] ?°"),
    Shape(POSITION, r"(?i)^[0-9]{1,3}[.,][0-9]{3,} ?[ns][ ,;]+[0-9]{1,3}[.,][0-9]{3,} ?[ewo]$"),
    Shape(POSTAL_CODE, "^[0-9]{5}(-[0-9]{4})?$", ("word", "place")),
    Shape(POSTAL_CODE, "^[0-9]{5}-[0-9]{4}$", TEXTS),
    Shape(POSTAL_CODE, f"(^|, ?| )({_STATES}),? [0-9]{{5}}(-[0-9]{{4}})?$"),
    Shape(POSTAL_CODE, "^[A-CEGHJ-NPR-TVXY][0-9][A-Z] [0-9][A-Z][0-9]$"),
    Shape(POSTAL_CODE, "^[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}$"),
    Shape(
        POSTAL_CODE, f"(?i){_APART}(zip|plz|zip code|postal code|postcode)[ :#]+[0-9]{{5}}{_END}"
    ),
    Shape(
        ADDRESS,
        r"(?i)(^|\s)[0-9]+[a-z]? .*\b(street|st|avenue|ave|road|rd|drive|lane|boulevard|blvd"
        r"|court|ct|way|place|terrace|circle|highway|hwy|parkway|pkwy)\b\.?($|[ ,])"
        r"|\bp\.? ?o\.? box\b|\brural route\b|\b(apt|apartment|suite)\.? #?[0-9]+",
    ),
    Shape(
        ADDRESS,
        rf"(?i)^[{_LETTER}. -]+(straße|strasse|str\.|gasse|platz|allee|weg) ?[0-9]+ ?[a-z]?$"
        rf"|^((calle|avenida|avda\.?|plaza) +|c/ ?)[{_LETTER}]"
        rf"|^[0-9]+(-[0-9]+)?,? ?(bis |ter )?(rue|avenue|boulevard|chemin|allée|place) ",
    ),
    Shape(
        ADDRESS,
        rf"^[A-Z][{_LETTER}.' -]+, ({_STATES})$",
        unless=rf"(?i)\b({'|'.join(_VOCABULARY)})\b",
    ),
    Shape(ADDRESS, f"^[0-9]{{5}} [A-ZÄÖÜ][{_LETTER}]+", unless=rf"^22|{_CLINICAL}"),
    Shape(ADDRESS, rf"(?i)^[{_LETTER}.' -]+ (county|parish|township|landkreis)$"),
)

_DATES = (
    *(Shape(DATE, pattern) for pattern in dates.IN_FIGURES),
    Shape(DATE, f"^{dates.DAY}[-.]{dates.DAY}[-.][0-9]{{2}}$", ("word", "number", "moment")),
    *(Shape(DATE, pattern) for pattern in dates.IN_WORDS),
    *(Shape(DATE, pattern, NOT_SURROGATES) for pattern in dates.NOT_IN_SURROGATES),
    Shape(DATE, dates.COMPACT_WITH_TIME, NOT_SURROGATES),
    Shape(DATE, f"^{dates.COMPACT}T[0-9]{{4}}", SURROGATES),
    Shape(DATE, dates.SERIAL_DAY, ("moment",)),
    Shape(DATE, f"(?i)^({'|'.join(dates.ALONE)})$"),
)

_RUNS_OF_DIGITS = (
    Shape(SOCIAL_SECURITY, r"^[0-9]{9}(\.0+)?$", (*SURROGATES, *NOT_SURROGATES), unless="^000"),
    Shape(TELEPHONE, r"^1?[1-9][0-9]{9}(\.0+)?$", (*SURROGATES, *NOT_SURROGATES)),
)

_NAMES = (
    Shape(
        NAME,
        rf"(?i)^(dr|mr|mrs|ms|miss|prof|professor|herr|frau|señora?|sr\.|sra\.|mme|mlle|monsieur"
        rf"|madame|pfc|sgt|rev)(\.|[ ,]|\. )\s*[{_LETTER}][{_LETTER}'’]+",
    ),
    Shape(
        NAME,
        rf"(?i)^(name|patient|pt|patient name|surgeon|operator|next of kin) ?[:=] ?"
        rf"[{_LETTER}]{{2,}}",
    ),
    Shape(
        NAME,
        rf"^[{_CAPITAL}a-z][{_LETTER}'’ .-]+,\s*[{_CAPITAL}][{_LETTER}'’ .-]*$"
        rf"|^(?i:[{_LETTER}'’ .-]+,\s*({_GIVEN})( [{_LETTER}]+\.?)?)$",
        unless=_CLINICAL,
    ),
    Shape(
        NAME,
        rf"(?i)^({_GIVEN})(-[{_LETTER}]+)?( [{_LETTER}]\.?| [{_LETTER}'’-]+){{0,2}} "
        rf"[{_LETTER}'’-]{{2,}}$"
        rf"|^[{_LETTER}'’-]{{2,}} ({_GIVEN})( [{_LETTER}]\.?)?$",
        unless=_CLINICAL,
    ),
    Shape(
        NAME,
        rf"^[{_LETTER}][{_LETTER}'’-]+( [A-Z]\.?)? [{_LETTER}][{_LETTER}'’-]+$"
        rf"|^[A-Z](\. ?| )[{_LETTER}]{{3,}}$|^[A-Z][a-z]{{2,}} [A-Z]\.?$",
        SURROGATES,
        unless=r"(?i)^(surgeon|site|patient|subject|doctor|provider|operator|clinic|hospital"
        r"|practice|cent(er|re)|unit|case|group|practitioner|physician) ",
    ),
    Shape(
        NAME,
        "^[A-Z][a-z]{2,}$",
        ("person",),
        unless="(?i)^(unknown|other|none|missing|alpha|beta|gamma|delta|epsilon|surgeon|patient)$",
    ),
    Shape(NAME, f"(?i)^({_GIVEN}|{_FAMILY})([-_. ]?[a-z])?$", ("person", "key")),
    Shape(NAME, f"(?i)^([a-z]\\.? ){{1,2}}({_FAMILY})$|^({_FAMILY}),? [a-z]\\.?$"),
)

SHAPES = (
    *_COMPACT,
    *_ADDRESSES_OF_MACHINES,
    *_DATES,
    *_NUMBERS_OF_PEOPLE,
    *_THINGS,
    *_PLACES,
    *_RUNS_OF_DIGITS,
    *_NAMES,
    Shape(
        AGE,
        r"(?i)\b(9[1-9]|1[0-2][0-9]) ?-?(y/?o?|yrs?|years?|jahre|ans|años)\b"
        r"|\baged? ?:? ?(9[1-9]|1[0-2][0-9])\b",
    ),
    Shape(FREE_TEXT, rf"([{_LETTER}]\S*\s+){{5}}\S"),
    Shape(NO_SURROGATE, ".", ("key",), unless=r"^[A-Za-z0-9_.-]{1,64}$"),
)
"""The most telling first."""
