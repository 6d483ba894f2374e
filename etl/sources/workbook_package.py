"""Look through the archive that a workbook is, before a library reads it."""

import mmap
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from etl.sources.number_formats import shown_number
from etl.sources.sheet_marks import Mark
from etl.sources.text_files import cannot_be_opened
from warehouse.errors import SourceUnreadable

SUFFIXES = (".xlsx", ".xlsm")
LARGEST_EXPANDED = 1024**3
"""Bytes that all parts of a workbook may have together when expanded."""
SAVE_AS_XLSX = "Open it in a spreadsheet program, save it as .xlsx and load again."

_open_member = zipfile.ZipFile.open  # bytes always, so there is no encoding to name
_BLOCK_BYTES = 1024 * 1024
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF8_NAMES = (b"utf-8", b"us-ascii")
_OTHER_WORKBOOKS = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "mimetype": "an OpenDocument file",
}


@dataclass(frozen=True)
class SheetPart:
    """One worksheet: its name, the member that holds it, and whether it is shown."""

    name: str
    member: str
    is_hidden: bool


@dataclass(frozen=True)
class WorkbookPackage:
    """A workbook whose archive is sound.

    Attributes
    ----------
    path : Path
    sheets : tuple of SheetPart
        Worksheets in workbook order, hidden ones too; charts and macros are left out.
    shown_numbers : mapping of str to Mark
        Cell style -> how its numbers read, for styles that show another text than the number.
    is_uncalculated : bool
        True where the program that wrote the file left all formulas to be calculated.
    """

    path: Path
    sheets: tuple[SheetPart, ...]
    shown_numbers: Mapping[str, Mark]
    is_uncalculated: bool

    def blocks_of(self, member: str) -> Iterator[bytes]:
        """Yield the bytes of one member, and check it; raises as `open_package`."""
        with _explained(self.path), zipfile.ZipFile(self.path) as archive:
            yield from _checked_blocks(archive, archive.getinfo(member))


def open_package(path: Path) -> WorkbookPackage:
    """Check the archive of a workbook, and return what stands in it.

    Raises
    ------
    SourceUnreadable
        If the file cannot be opened, is no workbook of this kind, is encrypted, damaged,
        not UTF-8 inside, or expands to more than 1 GiB.
    """
    with _explained(path):
        _check_kind(path)
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, path.name)
            return _package(archive, path)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what a broken archive raises into words."""
    try:
        yield
    except OSError as error:
        raise cannot_be_opened(path, error) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise damaged_workbook(path.name, "the archive is broken or cut short") from None
    except (KeyError, ElementTree.ParseError, UnicodeDecodeError, ValueError):
        raise damaged_workbook(path.name, "parts of it are missing or unreadable") from None


def damaged_workbook(name: str, problem: str) -> SourceUnreadable:
    """Return the error for a workbook that cannot be read as one."""
    return SourceUnreadable(f"{name}: a damaged workbook, {problem}\n  {SAVE_AS_XLSX}")


def _check_kind(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(4)
        if not start:
            raise SourceUnreadable(f"{path.name}: the file is empty\n  Export it again.")
        if start == _OLD_CONTAINER:
            raise SourceUnreadable(f"{path.name}: {_kind_of_container(stream.fileno())}")
    if start[:2] != b"PK":
        raise SourceUnreadable(
            f"{path.name}: not a workbook, whatever its name says\n"
            f"  Allowed: {' and '.join(SUFFIXES)}. {SAVE_AS_XLSX}"
        )


def _kind_of_container(descriptor: int) -> str:
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            return (
                "the workbook is protected with a password, so nothing in it can be read\n"
                "  Save a copy without a password and load that."
            )
    return (
        "a workbook of the old binary kind (.xls), in which blank cells and errors cannot be "
        f"told apart\n  Allowed: {' and '.join(SUFFIXES)}. {SAVE_AS_XLSX}"
    )


def _check_members(archive: zipfile.ZipFile, name: str) -> None:
    """Check the members together, and each that a library reads besides the worksheets."""
    members = archive.infolist()
    names = [member.filename for member in members]
    for other, kind in _OTHER_WORKBOOKS.items():
        if other in names:
            raise SourceUnreadable(
                f"{name}: {kind}\n  Allowed: {' and '.join(SUFFIXES)}. {SAVE_AS_XLSX}"
            )
    if len(set(names)) < len(names):
        raise zipfile.BadZipFile
    if sum(member.file_size for member in members) > LARGEST_EXPANDED:
        raise SourceUnreadable(
            f"{name}: expands to more than {LARGEST_EXPANDED / 1024**3:.0f} GiB\n"
            "  Split it by year and load the parts one after another."
        )
    for member in members:
        if member.filename.endswith((".xml", ".rels")) and "/worksheets/" not in member.filename:
            for _ in _checked_blocks(archive, member):
                pass


def _checked_blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a member while its checksum, true size and encoding are checked."""
    declared = member.file_size
    member.file_size = declared + 1  # so that a longer member is not cut short without a word
    length = 0
    with _open_member(archive, member) as stream:
        while block := stream.read(_BLOCK_BYTES):
            if length == 0:
                _check_encoding(block[:200])
            if b"\0" in block:
                raise ValueError
            length += len(block)
            yield block
    member.file_size = declared
    if length != declared:
        raise zipfile.BadZipFile


def _check_encoding(start: bytes) -> None:
    declared = re.search(rb"^[^>]*encoding\s*=\s*[\"']([^\"']+)", start)
    if declared and declared.group(1).lower() not in _UTF8_NAMES:
        raise ValueError


def _package(archive: zipfile.ZipFile, path: Path) -> WorkbookPackage:
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    targets = _worksheets(ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")))
    sheets = []
    for element in _elements(workbook, "sheet"):
        member = targets.get(_attribute(element, "id"), "")
        if member:
            hidden = element.get("state", "visible") != "visible"
            sheets.append(
                SheetPart(element.attrib["name"], archive.getinfo(member).filename, hidden)
            )
    calculation = next(_elements(workbook, "calcPr"), None)
    full = "0" if calculation is None else calculation.get("fullCalcOnLoad", "0")
    return WorkbookPackage(path, tuple(sheets), _shown_numbers(archive), full in ("1", "true"))


def _worksheets(relations: ElementTree.Element) -> dict[str, str]:
    """Return relation id -> member, for worksheets."""
    return {
        relation.attrib["Id"]: posixpath.normpath(
            posixpath.join("/xl", relation.attrib["Target"])
        ).lstrip("/")
        for relation in relations
        if relation.attrib.get("Type", "").endswith("/worksheet")
    }


def _shown_numbers(archive: zipfile.ZipFile) -> dict[str, Mark]:
    """Return cell style -> mark, for styles that show another text than the number."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in _elements(styles, "numFmt")}
    cell_styles = next(_elements(styles, "cellXfs"), ())
    marks = {
        str(place): shown_number(element.get("numFmtId", "0"), codes)
        for place, element in enumerate(cell_styles)
    }
    return {style: mark for style, mark in marks.items() if mark}


def _elements(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Yield elements by name, in whichever of the two namespaces of the format."""
    return root.iterfind(f".//{{*}}{name}")


def _attribute(element: ElementTree.Element, name: str) -> str:
    """Return an attribute that stands in a namespace."""
    return next((text for key, text in element.attrib.items() if key.endswith(f"}}{name}")), "")
