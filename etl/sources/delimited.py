"""Read-check a delimited file and say how the warehouse is to read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.sources.field_count import FieldCount, RaggedRecord
from etl.sources.field_counter import BLOCK_BYTES, LONGEST_RECORD, count_fields
from etl.sources.record_numbering import RecordNumbering
from etl.sources.text_files import TextFile, cannot_be_opened, open_text_file

DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""File name suffix -> delimiter."""


@dataclass(frozen=True, eq=False)
class DelimitedFile:
    """A file that has been counted, and how to read it.

    Attributes
    ----------
    table : str
        Canonical table that it holds.
    path : Path
        The source file.
    delimiter, encoding : str
        Of the source file; `readable_path` is always UTF-8.
    header : tuple of str
    records : int
        Records after the header, ragged ones included.
    ragged : tuple of RaggedRecord
        Records that must not be read, in file order. A blank line is one of them: in a
        table it can only be a record of one field.
    sha256 : str
        Checksum of the bytes of the source file.
    size : int
        Bytes of the source file.
    readable_path : Path
        What to read: the source file itself, or a copy in the workspace that is UTF-8,
        has one kind of line end and no ragged record.
    """

    table: str
    path: Path
    delimiter: str
    encoding: str
    header: tuple[str, ...]
    records: int
    ragged: tuple[RaggedRecord, ...]
    sha256: str
    size: int
    readable_path: Path
    _text_path: Path = field(repr=False)
    _ragged_spans: tuple[tuple[int, int], ...] = field(repr=False)
    _numbering: RecordNumbering = field(repr=False)

    @property
    def sound_records(self) -> int:
        """Return how many records `readable_path` holds; any other reader must find as many."""
        return self.records - len(self.ragged)

    @property
    def left_out(self) -> int:
        """Return how many records are not meant: none, in a canonical file."""
        return 0

    def record_of(self, sound_record: int) -> int:
        """Return the number in the source of the n-th record of `readable_path`, n from 1."""
        return self._numbering.record_of(sound_record)

    def line_of(self, record: int) -> int:
        """Return the physical line of the source, from 1, on which a record starts."""
        return self._numbering.line_of(record)

    def origin_of(self, record: int, column: str) -> str:
        """Return nothing: a column of a canonical file is what it is called."""
        return ""

    def ragged_texts(self) -> Iterator[str]:
        """Yield the whole text of each ragged record, for the identifier gate."""
        with self._text_path.open("rb") as stream:
            for start, end in self._ragged_spans:
                stream.seek(start)
                yield stream.read(end - start).decode()


def read_delimited(
    path: Path,
    *,
    table: str,
    workspace: Path,
    delimiter: str | None = None,
    encoding: str | None = None,
    allow_stray_quotes: bool = False,
) -> DelimitedFile:
    """Count the records and fields of a file, and set apart those that cannot be read safely.

    Parameters
    ----------
    path : Path
    table : str
        Canonical table that the file is for; columns are not looked at here.
    workspace : Path
        An existing folder for temporary copies; whoever made it removes it.
    delimiter, encoding : str, optional
        As a mapping declares them; without, by suffix and byte order mark.
    allow_stray_quotes : bool
        True to read a quote inside an unquoted field as a character.

    Raises
    ------
    SourceUnreadable
        If the file as a whole cannot be read; the message says where and why.
    """
    delimiter = delimiter or DELIMITERS.get(path.suffix.lower(), ",")
    text = open_text_file(path, workspace=workspace, encoding=encoding)
    count = _count(text, delimiter, allow_stray_quotes)
    return DelimitedFile(
        table=table,
        path=path,
        delimiter=delimiter,
        encoding=text.encoding,
        header=count.header,
        records=count.records,
        ragged=count.ragged,
        sha256=text.sha256 or count.sha256,
        size=text.size,
        readable_path=_readable_path(text, count, workspace),
        _text_path=text.utf8_path,
        _ragged_spans=count.ragged_spans,
        _numbering=RecordNumbering(count.longer, (record.record for record in count.ragged)),
    )


def read_csv_arguments(
    file: DelimitedFile, types: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the arguments that make the warehouse's CSV reader read `file` as it was counted.

    `types` gives the type of columns by name; all others are read as text. The path to
    read is `file.readable_path`. Row n of the result, n from 0, is record
    `file.record_of(n + 1)` on line `file.line_of(file.record_of(n + 1))`.
    """
    types = types or {}
    return {
        "columns": {name: types.get(name, "VARCHAR") for name in file.header},
        "delim": file.delimiter,
        "quote": '"',
        "escape": '"',
        "header": True,
        "auto_detect": False,
        "strict_mode": True,
        "null_padding": False,
        "nullstr": ["", "NA"],
        "max_line_size": LONGEST_RECORD,
    }


def _count(text: TextFile, delimiter: str, allow_stray_quotes: bool) -> FieldCount:
    try:
        with text.utf8_path.open("rb") as stream:
            return count_fields(
                stream,
                name=text.path.name,
                delimiter=delimiter,
                allow_stray_quotes=allow_stray_quotes,
            )
    except OSError as error:
        raise cannot_be_opened(text.path, error) from None


def _readable_path(text: TextFile, count: FieldCount, workspace: Path) -> Path:
    """Return the file to read: a copy of the sound records only where it has to be one."""
    if not count.ragged and not count.has_mixed_line_ends:
        return text.utf8_path
    copy = workspace / f"{text.path.stem}.sound{text.path.suffix}"
    with text.utf8_path.open("rb") as source, copy.open("wb") as target:
        start = 0
        for end, next_start in (*count.ragged_spans, (None, 0)):
            for piece in _pieces(source, start, end):
                target.write(piece.replace(b"\r\n", b"\n"))
            start = next_start
    return copy


def _pieces(source: Any, start: int, end: int | None) -> Iterator[bytes]:
    """Yield the bytes from `start` to `end`, never parting a carriage return from its line feed."""
    source.seek(start)
    while end is None or source.tell() < end:
        limit = BLOCK_BYTES if end is None else min(BLOCK_BYTES, end - source.tell())
        piece = source.read(limit)
        if not piece:
            return
        yield piece + source.read(1) if piece.endswith(b"\r") else piece
