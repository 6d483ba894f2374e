"""Tell from the name of a column that it is made to hold an identifier.

The kinds are those of the HIPAA Privacy Rule, 45 CFR 164.514(b)(2), and free text.
"""

import re

from warehouse.source_schema import TABLES

BIRTH_DATE, DATE, POSTAL_CODE = "birth date", "date", "postal code"

_CANONICAL = frozenset(name for table in TABLES for name in table.column_names)

_WORDS_OF_KINDS = {
    "name": "surname forename firstname lastname fullname fname lname maiden initials kin nok",
    "fax number": "fax",
    "telephone number": "phone telephone tel mobile cellphone pager",
    "e-mail address": "email mail",
    "social security number": "ssn social passport nino",
    "medical record number": "mrn medrec chart empi",
    "health plan number": "insurance policy member subscriber beneficiary mbi hicn",
    "account number": "account acct invoice",
    "licence number": "license licence npi dea",
    "vehicle identifier": "vehicle vin plate",
    "device serial or lot number": "serial lot udi",
    "web address": "url website webpage",
    "network address": "ip",
    "biometric or photograph": "photo photograph face fingerprint voiceprint biometric retina",
    BIRTH_DATE: "birth dob birthday birthdate birthyear yob",
    DATE: "date dates datetime timestamp dt doa dod dos month weekday",
    POSTAL_CODE: "zip zip3 zip4 zip5 zipcode postcode postal",
    "address": "address street city town county village",
    "geographic position": "latitude longitude lat lon lng gps geo geocode",
    "free text": "note notes comment comments narrative remark remarks freetext memo",
}
_KIND_OF_WORD = {word: kind for kind, words in _WORDS_OF_KINDS.items() for word in words.split()}

_PHRASES = {
    "dateofbirth": BIRTH_DATE,
    "birth": BIRTH_DATE,
    "dateof": DATE,
    "patientname": "name",
    "firstname": "name",
    "lastname": "name",
    "nextofkin": "name",
    "phonenumber": "telephone number",
    "telephone": "telephone number",
    "email": "e-mail address",
    "socialsecurity": "social security number",
    "nationalid": "social security number",
    "nhsnumber": "medical record number",
    "medicalrecord": "medical record number",
    "recordnumber": "medical record number",
    "hospitalnumber": "medical record number",
    "accountnumber": "account number",
    "serialnumber": "device serial or lot number",
    "lotnumber": "device serial or lot number",
    "ipaddress": "network address",
    "zipcode": POSTAL_CODE,
    "postcode": POSTAL_CODE,
    "freetext": "free text",
}
"""Parts of a name written without separators -> kind, most telling first."""

_OF_A_PERSON = frozenset(
    """patient pt person subject first last full middle given family preferred next contact mother
    father spouse surgeon doctor physician provider operator referring""".split()  # noqa: SIM905
)
_NO_DATES = ("update", "candidate", "mandate", "validate", "consolidate", "sedate")


def identifier_column_name(name: str) -> str | None:
    """Return the kind of identifier that a column of this name would hold, or None.

    Canonical columns hold none by their names; their values are looked at.
    """
    if name in _CANONICAL:
        return None
    words = _words_of(name)
    if "name" in words and (len(words) == 1 or _OF_A_PERSON & set(words)):
        return "name"
    joined = "".join(words)
    phrase = next((kind for part, kind in _PHRASES.items() if part in joined), None)
    kinds = [_KIND_OF_WORD[word] for word in words if word in _KIND_OF_WORD]
    if phrase or kinds:
        return phrase or kinds[0]
    return DATE if any(map(_ends_in_date, words)) else None


def _words_of(name: str) -> list[str]:
    """Split a name at separators and capitals into lower-case words."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return [word for word in re.split(r"[^a-z0-9]+", apart.casefold()) if word]


def _ends_in_date(word: str) -> bool:
    return word.endswith("date") and word not in _NO_DATES
