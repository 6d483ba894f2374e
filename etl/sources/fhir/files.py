"""Find the files of a FHIR export and walk through their resources, each with its place."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.sources.fhir.resource_types import RESOURCE_TYPES
from etl.sources.fhir.strict_json import JsonFault, is_text, parse_json
from etl.sources.text_files import LARGEST_FILE, cannot_be_opened
from warehouse.errors import SourceUnreadable

LARGEST_BUNDLE = 128 * 1024**2
"""Bytes of a file that has to be read as one piece."""
LONGEST_LINE = 16 * 1024**2
"""Bytes of a resource in a file of one resource a line."""
BUNDLE_TYPES = ("collection", "transaction", "searchset", "batch", "document", "message")

_WORDS_OF_EXPORTS = frozenset(name.casefold() for name in RESOURCE_TYPES) | {
    *("json", "ndjson", "jsonl", "log", "manifest", "error", "errors"),
    *("output", "deleted", "export", "bulk", "part", "page"),
}
_BEGINNING = 64 * 1024
_LINES, _WHOLE = (".ndjson", ".jsonl"), (".json",)


@dataclass(frozen=True)
class FhirFile:
    """A file of the export.

    Attributes
    ----------
    path : Path
    title : str
        How messages call it. A file of one patient is often named after the patient, so a
        file that was found in a folder is called by its number there, in order of name,
        unless its name is made of resource types and numbers.
    is_lines : bool
        One resource a line, or else one Bundle or resource.
    was_named : bool
        Given by itself, not found in a folder.
    """

    path: Path
    title: str
    is_lines: bool
    was_named: bool

    @property
    def place_word(self) -> str:
        """Return what its resources are counted by."""
        return "line" if self.is_lines else "entry"


@dataclass(frozen=True)
class Entry:
    """What stands at one place: a resource, or why there is none.

    Attributes
    ----------
    place : int
        Line or entry, from 1.
    resource : dict
        Empty where `fault` says why.
    full_url : str
        Address that a Bundle gives it.
    fault : str
    goes_on : bool
        At the end of a searchset that says that it goes on in another Bundle.
    """

    place: int
    resource: dict[str, Any]
    full_url: str = ""
    fault: str = ""
    goes_on: bool = False


def find_files(paths: Iterable[Path]) -> tuple[list[FhirFile], int]:
    """Return the files that may hold FHIR, in order of name, and how many others there are.

    Raises
    ------
    SourceUnreadable
        If a path does not exist, or a file given by itself is no .json, .ndjson or .jsonl.
    """
    found: dict[Path, FhirFile] = {}
    others = 0
    for path in paths:
        if path.is_dir():
            inside, left = _files_in(path)
            others += left
        else:
            inside = [_file_given(path)]
        found |= {file.path.resolve(): file for file in inside if file.path.resolve() not in found}
    if not found:
        raise SourceUnreadable(
            "No FHIR file was found\n"
            "  Looked for: .ndjson (bulk export) and .json (Bundles). Check the path."
        )
    return list(found.values()), others


def holds_fhir(path: Path) -> bool:
    """Tell whether a file, or a file of a folder, begins like FHIR: it names a resourceType.

    Raises
    ------
    SourceUnreadable
        If a file cannot be opened.
    """
    if path.is_dir():
        return any(holds_fhir(file.path) for file in _files_in(path)[0])
    if path.suffix.lower() not in _LINES + _WHOLE or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return b'"resourceType"' in stream.read(_BEGINNING)
    except OSError as error:
        raise cannot_be_opened(path, error) from None


def entries_of(file: FhirFile) -> Iterator[Entry]:
    """Yield what stands in a file, in order; lines are read one at a time.

    Raises
    ------
    SourceUnreadable
        If the file cannot be opened, is too large, or is one piece of JSON that cannot be read.
    """
    limit = LARGEST_FILE if file.is_lines else LARGEST_BUNDLE
    try:
        if file.path.stat().st_size > limit:
            raise SourceUnreadable(
                f"{file.title}: the file has more than {limit // 1024**2:,} MiB\n"
                "  Export one resource a line (ndjson), in files of up to 4 GiB."
            )
        if file.is_lines:
            yield from _lines_of(file)
        else:
            yield from _entries_of_bundle(file, _whole_file(file))
    except OSError as error:
        raise cannot_be_opened(Path(file.title), error) from None


def _files_in(folder: Path) -> tuple[list[FhirFile], int]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    inside = [path for path in paths if path.suffix.lower() in _LINES + _WHOLE]
    files = [
        FhirFile(
            path,
            path.name if _names_no_one(path) else f"{folder.name}, file {number} of {len(inside)}",
            is_lines=path.suffix.lower() in _LINES,
            was_named=False,
        )
        for number, path in enumerate(inside, start=1)
    ]
    return files, len(paths) - len(files)


def _names_no_one(path: Path) -> bool:
    """Tell whether a name is made of resource types, numbers and words of an export only."""
    parts = re.split(r"[._-]", path.name)
    words = [part for part in parts if not (part.isdigit() and len(part) <= 4)]
    return all(word.casefold() in _WORDS_OF_EXPORTS for word in words)


def _file_given(path: Path) -> FhirFile:
    if not path.is_file():
        raise SourceUnreadable(f"{path.name}: there is no such file or folder\n  Check the path.")
    if path.suffix.lower() not in _LINES + _WHOLE:
        raise SourceUnreadable(
            f"{path.name}: not a FHIR file by its name\n"
            "  Allowed: .ndjson (one resource a line) and .json (a Bundle), unpacked."
        )
    return FhirFile(path, path.name, path.suffix.lower() in _LINES, was_named=True)


def _lines_of(file: FhirFile) -> Iterator[Entry]:
    """Yield the lines; one that is too long is passed over without being held in memory."""
    with file.path.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(LONGEST_LINE)
                reason = f"the line has more than {LONGEST_LINE // 1024**2} MiB"
                yield Entry(number, {}, fault=reason)
            elif line.strip():
                text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                yield _entry_of_line(number, text)


def _entry_of_line(number: int, line: bytes) -> Entry:
    try:
        return _entry(number, parse_json(line.decode("utf-8")))
    except UnicodeDecodeError:
        return Entry(number, {}, fault="the line holds bytes that are not UTF-8")
    except JsonFault as fault:
        return Entry(number, {}, fault=str(fault))


def _entry(number: int, found: Any, full_url: str = "") -> Entry:
    if not isinstance(found, dict) or not is_text(found.get("resourceType")):
        return Entry(number, {}, full_url, "not a FHIR resource: it has no resourceType")
    return Entry(number, found, full_url)


def _whole_file(file: FhirFile) -> Any:
    """Return what a .json file holds."""
    try:
        return parse_json(file.path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SourceUnreadable(
            f"{file.title}: holds bytes that are not UTF-8\n  Export it again as UTF-8."
        ) from None
    except JsonFault as fault:
        raise SourceUnreadable(
            f"{file.title}: {fault}\n"
            "  Needed: one Bundle or one resource. A file of one resource a line is called .ndjson."
        ) from None


def _entries_of_bundle(file: FhirFile, found: Any) -> Iterator[Entry]:
    """Yield the resources of a Bundle, or the one resource that the file is."""
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        yield _entry(1, found)
        return
    if found.get("type") not in BUNDLE_TYPES:
        raise SourceUnreadable(
            f"{file.title}: a Bundle of a type that is not read\n"
            f"  Allowed: {', '.join(BUNDLE_TYPES)}. A history holds old versions of records."
        )
    entries = found.get("entry", [])
    if not isinstance(entries, list):
        raise SourceUnreadable(f"{file.title}: 'entry' of the Bundle is not a list")
    for number, entry in enumerate(entries, start=1):
        yield _bundled(number, entry)
    if _goes_on(found):
        yield Entry(len(entries), {}, goes_on=True)


def _goes_on(bundle: Mapping[str, Any]) -> bool:
    """Tell whether a searchset links to a next page."""
    links = bundle.get("link")
    return isinstance(links, list) and any(
        isinstance(link, dict) and link.get("relation") == "next" for link in links
    )


def _bundled(number: int, entry: Any) -> Entry:
    full_url = entry.get("fullUrl", "") if isinstance(entry, dict) else ""
    if not isinstance(entry, dict) or not is_text(full_url):
        return Entry(number, {}, fault="not an entry of a Bundle")
    return _entry(number, entry.get("resource"), full_url)
