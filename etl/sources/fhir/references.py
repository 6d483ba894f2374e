"""Follow references of each kind of FHIR R4 to the resource that they mean.

Kinds: relative (Patient/1), absolute (https://…/Patient/1), versioned (…/_history/2),
urn:uuid (fullUrl of a Bundle), contained (#p1), conditional (Patient?identifier=…) and
logical (an identifier without address). The value of an identifier never leaves this room.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from etl.sources.fhir.elements import ResourceFault, object_in, objects_in, text_in, token_in

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_ADDRESS = re.compile(
    r"(?P<base>https?://[^?#]*/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(/_history/[A-Za-z0-9\-.]{1,64})?(#[^#]*)?",
    re.ASCII,
)
_CONDITIONAL = re.compile(
    r"(https?://[^?#]*/)?(?P<type>[A-Z][A-Za-z]+)\?identifier=(?P<token>[^&]+)"
)


@dataclass
class ReferenceIndex:
    """What resources a source holds, and under which addresses and identifiers.

    Attributes
    ----------
    keys : container of str
        'Type/id' of every resource of a type that is read.
    full_urls : dict
        fullUrl of a Bundle's entry -> 'Type/id'; empty where two entries share it.
    bases : set of str
        Servers ('https://…/') that the absolute fullUrls name.
    identifiers : dict
        'Type?system|value' -> 'Type/id'; empty where two resources share it.
    """

    keys: Container[str] = frozenset()
    full_urls: dict[str, str] = field(default_factory=dict)
    bases: set[str] = field(default_factory=set)
    identifiers: dict[str, str] = field(default_factory=dict)

    def add_full_url(self, full_url: str, key: str) -> None:
        """Note under which address an entry stands; an address of two entries means neither."""
        _add(self.full_urls, full_url, key)
        match = _ADDRESS.fullmatch(full_url)
        if match and match["base"]:
            self.bases.add(match["base"])

    def add_identifiers(self, resource: Mapping[str, Any], key: str) -> None:
        """Note the identifiers of a resource, so that logical references find it."""
        for identifier in objects_in(resource, "identifier"):
            if token := _token_of(identifier):
                _add(self.identifiers, f"{key.split('/')[0]}?{token}", key)


@dataclass(frozen=True)
class Target:
    """What a reference points to.

    Attributes
    ----------
    key : str
        'Type/id'; empty where the reference gives neither.
    problem : str
        Empty where the resource is in the source, or its type is one that is not read.
    """

    key: str
    problem: str = ""

    @property
    def resource_type(self) -> str:
        """Return the type of the resource that is meant."""
        return self.key.partition("/")[0]

    @property
    def resource_id(self) -> str:
        """Return the id of the resource that is meant, without its type."""
        return self.key.partition("/")[2]


@dataclass(frozen=True)
class Owner:
    """The resource whose references are followed: its key, contained resources and server."""

    key: str
    contained: Mapping[str, str] = field(default_factory=dict)


def contained_keys(resource: Mapping[str, Any], owner: str) -> dict[str, str]:
    """Return local id -> key of the resources that `resource` contains.

    A key such as 'Patient/Procedure/7#p1' cannot be that of any other resource.
    """
    return {
        local: f"{inner_type}/{owner}#{local}"
        for inner in objects_in(resource, "contained")
        if (local := token_in(inner, "id")) and (inner_type := token_in(inner, "resourceType"))
    }


def follow(
    reference: Mapping[str, Any], owner: Owner, index: ReferenceIndex, types_read: frozenset[str]
) -> Target:
    """Return what a reference of `owner` points to.

    Parameters
    ----------
    reference : mapping
        A Reference of FHIR R4.
    owner : Owner
    index : ReferenceIndex
    types_read : frozenset of str
        Types of which a missing resource is a problem.

    Raises
    ------
    ResourceFault
        If the reference has a form that R4 does not know.
    """
    address = text_in(reference, "reference")
    if not address:
        return _by_identifier(reference, index)
    if address.startswith("#"):
        key = owner.contained.get(address[1:], "") if address != "#" else owner.key
        return Target(key) if key else Target("", "contained resource is missing")
    if address.startswith("urn:"):
        return _by_full_url(address, index)
    if conditional := _CONDITIONAL.fullmatch(address):
        token = unquote(conditional["token"])
        return _found(index.identifiers.get(f"{conditional['type']}?{token}", ""), "identifier")
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ResourceFault("'reference' has a form that FHIR R4 does not know")
    return _by_address(match, index, types_read)


def _by_identifier(reference: Mapping[str, Any], index: ReferenceIndex) -> Target:
    token = _token_of(object_in(reference, "identifier"))
    if not token:
        return Target("", "reference without address or identifier")
    named_type = token_in(reference, "type") or "Patient"
    return _found(index.identifiers.get(f"{named_type}?{token}", ""), "identifier")


def _by_full_url(address: str, index: ReferenceIndex) -> Target:
    """Follow a urn; without its entry the urn still tells that two records belong together."""
    if key := index.full_urls.get(address, ""):
        return Target(key)
    name = address.rpartition(":")[2]
    key = f"/{name}" if ID.fullmatch(name) else ""
    return Target(key, "no entry has this fullUrl")


def _by_address(match: re.Match[str], index: ReferenceIndex, types_read: frozenset[str]) -> Target:
    base, key = match["base"] or "", f"{match['type']}/{match['id']}"
    if stands := index.full_urls.get(base + key, "") if base else "":
        return Target(stands)
    if base and index.bases and base not in index.bases:
        return Target("", "resource of another server")
    if match["type"] not in types_read or key in index.keys:
        return Target(key)
    return Target(key, "resource is not in the source")


def _found(key: str, by: str) -> Target:
    return Target(key) if key else Target("", f"no single resource has this {by}")


def _token_of(identifier: Mapping[str, Any]) -> str:
    """Return 'system|value' of an identifier; empty without a value."""
    value = text_in(identifier, "value").strip()
    return f"{text_in(identifier, 'system').strip()}|{value}" if value else ""


def _add(known: dict[str, str], name: str, key: str) -> None:
    known[name] = key if known.get(name, key) == key else ""
