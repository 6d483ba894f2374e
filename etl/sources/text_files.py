"""Open a source file as UTF-8 text, or say what it is instead."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from etl.sources.field_counter import BLOCK_BYTES
from etl.sources.file_faults import SAVE_AS_UTF8, empty_file
from warehouse.errors import SourceUnreadable

LARGEST_FILE = 4 * 1024**3
"""Bytes that a source file may have."""

_SIGNATURES = {
    b"PK\x03\x04": "a spreadsheet workbook or a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"BZh": "a compressed file",
    b"\xfd7zXZ\x00": "a compressed file",
    b"7z\xbc\xaf": "a compressed archive",
    b"\x28\xb5\x2f\xfd": "a compressed file",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
}
"""First bytes of what is no delimited text -> what it is."""

_MARKUP = {b"<": "a web page or XML", b"{": "JSON", b"[": "JSON"}
"""First visible character that no name of a column starts with -> what the text is."""
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True)
class TextFile:
    """A source file and where its text stands as UTF-8.

    `sha256` is that of the original bytes when the text had to be copied, and empty when
    `utf8_path` is the original itself.
    """

    path: Path
    utf8_path: Path
    encoding: str
    size: int
    sha256: str


def open_text_file(
    path: Path, *, workspace: Path, encoding: str | None = None, is_json: bool = False
) -> TextFile:
    """Check that `path` is a text file of allowed size, and make a UTF-8 copy if it needs one.

    Parameters
    ----------
    path : Path
    workspace : Path
        An existing folder for the copy; whoever made it removes it.
    encoding : str, optional
        As a mapping declares it; without it UTF-8, or UTF-16 where the file starts with
        its byte order mark.
    is_json : bool
        True where the file is to be JSON, which is no delimited text.

    Raises
    ------
    SourceUnreadable
        If the file is missing, no file, empty, over 4 GiB, not text, or in another encoding.
    """
    size = _size_of(path)
    encoding = encoding or _encoding_of(path, is_json=is_json)
    if codecs.lookup(encoding).name in ("utf-8", "ascii", "utf-8-sig"):
        return TextFile(path, path, "utf-8", size, "")
    copy = workspace / f"{path.stem}.utf8{path.suffix}"
    return TextFile(path, copy, encoding, size, _transcode(path, copy, encoding))


def _size_of(path: Path) -> int:
    """Return the size of a regular file that may be read."""
    try:
        if path.is_dir():
            raise SourceUnreadable(
                f"{path.name}: this is a folder, where a file is needed\n"
                "  Give the file, or the folder that holds procedures.csv."
            )
        if not path.exists():
            raise SourceUnreadable(f"{path}: there is no such file\n  Check the path.")
        if not path.is_file():
            raise SourceUnreadable(f"{path.name}: not an ordinary file\n  Give a file on disk.")
        size = path.stat().st_size
    except OSError as error:
        raise cannot_be_opened(path, error) from None
    if size > LARGEST_FILE:
        raise SourceUnreadable(
            f"{path.name}: the file has {size / 1024**3:.1f} GiB\n"
            "  Allowed: 4 GiB. Split it by year and load the parts one after another."
        )
    return size


def _encoding_of(path: Path, *, is_json: bool) -> str:
    """Tell the encoding from the first bytes, or say what the file is instead of text."""
    try:
        with path.open("rb") as stream:
            start = stream.read(1024)
    except OSError as error:
        raise cannot_be_opened(path, error) from None
    if not start:
        raise empty_file(path.name)
    if kind := _kind_of_other_file(start, is_json=is_json):
        raise SourceUnreadable(f"{path.name}: this is {kind}, not delimited text\n  {SAVE_AS_UTF8}")
    if start.startswith(_UTF32_MARKS):
        raise SourceUnreadable(f"{path.name}: the text is UTF-32\n  {SAVE_AS_UTF8}")
    return "utf-16" if start.startswith(_UTF16_MARKS) else "utf-8"


def _kind_of_other_file(start: bytes, *, is_json: bool) -> str:
    """Say what a file is by its first bytes; nothing where it may be what it should be."""
    kinds = (kind for signature, kind in _SIGNATURES.items() if start.startswith(signature))
    visible = start.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return next(kinds, "" if is_json else _MARKUP.get(visible, ""))


def _transcode(path: Path, copy: Path, encoding: str) -> str:
    """Write the text of `path` to `copy` as UTF-8 and return the checksum of what was read."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as source, copy.open("wb") as target:
            while chunk := source.read(BLOCK_BYTES):
                digest.update(chunk)
                target.write(decoder.decode(chunk).encode())
            target.write(decoder.decode(b"", final=True).encode())
    except UnicodeError:
        raise SourceUnreadable(
            f"{path.name}: holds bytes that are not {encoding.upper()}\n  {SAVE_AS_UTF8}"
        ) from None
    except OSError as error:
        raise cannot_be_opened(path, error) from None
    return digest.hexdigest()


def cannot_be_opened(path: Path, error: OSError) -> SourceUnreadable:
    """Return the error for a file that the system does not let us read."""
    return SourceUnreadable(
        f"{path.name}: cannot be opened ({error.strerror})\n  Check that you may read it."
    )
