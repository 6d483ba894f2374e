"""Count records and fields of a delimited file in one pass, before anything else reads it.

The reader behind us shifts values without a word where a record has a delimiter too many,
drops blank lines and guesses at quotes; so each record is counted here first.
"""

import hashlib
from dataclasses import dataclass, field
from typing import BinaryIO, NoReturn

from etl.sources.field_count import EXCERPT_LENGTH, FieldCount, RaggedRecord
from etl.sources.file_faults import check_bytes, check_header, empty_file
from etl.sources.parsed_records import ENDLESS_CELL, ParsedRecord, RecordParser
from etl.sources.regular_blocks import RegularBlocks
from warehouse.errors import SourceUnreadable

BLOCK_BYTES = 256 * 1024
PIECE_BYTES = 4 * 1024
LONGEST_RECORD = 1024 * 1024
"""Bytes that one record may have."""
MOST_RAGGED = 200_000
"""Records with a fault that are listed; a file with more is not worth reading on."""
UTF8_MARK = b"\xef\xbb\xbf"


def count_fields(
    stream: BinaryIO, *, name: str, delimiter: str, allow_stray_quotes: bool = False
) -> FieldCount:
    """Count the records and fields of UTF-8 text, with or without a byte order mark.

    Parameters
    ----------
    stream : binary file
        Read to its end, once, in blocks.
    name : str
        What messages call the file.
    delimiter : str
        One character of ASCII.
    allow_stray_quotes : bool
        True to take a quote inside an unquoted field for a character of it, as exports
        that were not made for this loader may need; False to list the record.

    Raises
    ------
    SourceUnreadable
        If the file as a whole cannot be read: NUL, lone carriage return, bytes that are
        not UTF-8, a quote open at the end, a record over 1 MiB, over 200,000 faults.
    """
    counter = _FieldCounter(name, delimiter, allow_stray_quotes)
    digest = hashlib.sha256()
    pending = b""
    while chunk := stream.read(BLOCK_BYTES):
        digest.update(chunk)
        pending = counter.take(pending + chunk)
    counter.finish(pending)
    return counter.result(digest.hexdigest())


@dataclass
class _FieldCounter:
    """The state of one pass; `position` counts bytes, `line` lines, both already taken."""

    name: str
    delimiter: str
    allow_stray_quotes: bool
    header: tuple[str, ...] = ()
    records: int = 0
    position: int = 0
    line: int = 0
    ragged: list[RaggedRecord] = field(default_factory=list)
    ragged_spans: list[tuple[int, int]] = field(default_factory=list)
    longer: list[tuple[int, int]] = field(default_factory=list)
    line_ends: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._parser = RecordParser(self.delimiter, allow_stray_quotes=self.allow_stray_quotes)
        self._regular: RegularBlocks | None = None

    def take(self, block: bytes) -> bytes:
        """Count the complete records of `block`, and return the bytes of the last, begun one."""
        if self.position == 0 and block.startswith(UTF8_MARK):
            self.position, block = len(UTF8_MARK), block[len(UTF8_MARK) :]
        end = block.rfind(b"\n") + 1
        begun = self._count(block[:end]) + block[end:] if end else block
        if len(begun) > LONGEST_RECORD:
            check_bytes(begun.rstrip(b"\r"), name=self.name, lines_before=self.line)
            self._refuse_long_record()
        return begun

    def finish(self, block: bytes) -> None:
        """Count what is left: a last record without a line end, or nothing."""
        if block and self._count(block):
            raise SourceUnreadable(
                f"{self.name}, line {self.line + 1}: a quote opens in this record and is not "
                "closed before the end of the file\n"
                "  Allowed: quotes in pairs. Close it in the source file and load again."
            )
        if not self.header:
            raise empty_file(self.name)

    def result(self, sha256: str) -> FieldCount:
        """Return what was found, once the pass is finished."""
        return FieldCount(
            header=self.header,
            records=self.records,
            ragged=tuple(self.ragged),
            ragged_spans=tuple(self.ragged_spans),
            longer=tuple(self.longer),
            has_mixed_line_ends=len(self.line_ends) > 1,
            sha256=sha256,
        )

    def _count(self, block: bytes) -> bytes:
        """Count `block` and return its last record where that has a quote still open."""
        check_bytes(block, name=self.name, lines_before=self.line)
        if self._regular is None:
            header = next(self._parser.records_in(block))
            if header.is_open:
                return block
            self._take_header(header)
            block = block[len(header.text) :]
        return self._count_by_looks(block) if block else b""

    def _count_by_looks(self, block: bytes) -> bytes:
        """Count a block at a glance, or in pieces where something in it needs a closer look."""
        if self._count_regular(block):
            return b""
        start = 0
        while start < len(block):
            end = block.find(b"\n", start + PIECE_BYTES) + 1 or len(block)
            piece = block[start:end]
            if not self._count_regular(piece) and (begun := self._count_one_by_one(piece)):
                return self._count_one_by_one(begun + block[end:])
            start = end
        return b""

    def _count_regular(self, block: bytes) -> bool:
        """Count a block if it is regular, and say whether it was."""
        assert self._regular is not None
        records = self._regular.records_in(block) if block.endswith(b"\n") else None
        if records is None:
            return False
        with_return = block.count(b"\r\n") if b"\r" in block else 0
        self.line_ends |= {b"\r\n"} if with_return else set()
        self.line_ends |= {b"\n"} if with_return < records else set()
        self.records += records
        self._move_past(len(block), records)
        return True

    def _count_one_by_one(self, block: bytes) -> bytes:
        for record in self._parser.records_in(block):
            if record.is_open:
                return record.text
            self._take_record(record)
        return b""

    def _take_header(self, header: ParsedRecord) -> None:
        check_header(header, name=self.name, delimiter=self.delimiter)
        self.header = tuple(header.cells)
        self._parser.width = len(self.header)
        self._regular = RegularBlocks(self.delimiter.encode(), len(self.header))
        self._note_lines(header)
        self._move_past(len(header.text), header.lines)

    def _take_record(self, record: ParsedRecord) -> None:
        if len(record.text) > LONGEST_RECORD or record.fault == ENDLESS_CELL:
            self._refuse_long_record()
        self.records += 1
        if record.fault:
            self._take_ragged(record)
        else:
            self._note_lines(record)
        self._move_past(len(record.text), record.lines)

    def _take_ragged(self, record: ParsedRecord) -> None:
        if len(self.ragged) == MOST_RAGGED:
            self._refuse_mostly_ragged()
        text = " ".join(record.text[: EXCERPT_LENGTH * 4].decode(errors="ignore").split())
        self.ragged.append(
            RaggedRecord(
                record=self.records,
                line=self.line + 1,
                found_fields=max(len(record.cells), 1),
                expected_fields=len(self.header),
                reason=record.fault,
                excerpt=text[:EXCERPT_LENGTH],
            )
        )
        self.ragged_spans.append((self.position, self.position + len(record.text)))
        if record.lines > 1:
            self.longer.append((self.records, record.lines - 1))

    def _note_lines(self, record: ParsedRecord) -> None:
        """Remember a record of several lines, and how a sound record ends."""
        if record.lines > 1:
            self.longer.append((self.records, record.lines - 1))
        if record.text.endswith(b"\n"):
            self.line_ends.add(b"\r\n" if record.text.endswith(b"\r\n") else b"\n")

    def _move_past(self, size: int, lines: int) -> None:
        self.position += size
        self.line += lines

    def _refuse_long_record(self) -> NoReturn:
        raise SourceUnreadable(
            f"{self.name}, line {self.line + 1}: the record that starts here is too long\n"
            "  Allowed: 1 MiB in a record, 10,000 characters in a cell. Most often a quote "
            "was opened there and not closed: correct the source file and load again."
        )

    def _refuse_mostly_ragged(self) -> NoReturn:
        first = self.ragged[0]
        raise SourceUnreadable(
            f"{self.name}, line {first.line}: {first.reason}, and {MOST_RAGGED:,} more records "
            f"like it\n  Allowed: {first.expected_fields} fields in each record, as in the "
            "header. Export the file again."
        )
