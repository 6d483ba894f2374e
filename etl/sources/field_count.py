"""What counting the fields of a delimited file finds."""

from dataclasses import dataclass

EXCERPT_LENGTH = 40
"""Characters of a ragged record that may be shown."""


@dataclass(frozen=True, slots=True)
class RaggedRecord:
    """A record that cannot be read safely and is kept from the loader.

    Attributes
    ----------
    record, line : int
        Number of the record after the header, and physical line where it starts, from 1.
    found_fields, expected_fields : int
        Fields it seems to have, fields the header has; a blank line has one.
    reason : str
        What is wrong with it.
    excerpt : str
        Its first characters, 40 at most; show them only once the identifier gate passed.
    """

    record: int
    line: int
    found_fields: int
    expected_fields: int
    reason: str
    excerpt: str


@dataclass(frozen=True, eq=False)
class FieldCount:
    """What one pass over a file found.

    Attributes
    ----------
    header : tuple of str
    records : int
        Records after the header, ragged ones included.
    ragged : tuple of RaggedRecord
    ragged_spans : tuple of (int, int)
        Start and end of each ragged record in bytes from the start of the stream.
    longer : tuple of (int, int)
        Records of several lines: number, lines beyond the first; the header is 0.
    has_mixed_line_ends : bool
        True where some records end in a line feed and others in carriage return, line feed.
    sha256 : str
        Checksum of the bytes read.
    """

    header: tuple[str, ...]
    records: int
    ragged: tuple[RaggedRecord, ...]
    ragged_spans: tuple[tuple[int, int], ...]
    longer: tuple[tuple[int, int], ...]
    has_mixed_line_ends: bool
    sha256: str
