"""The quick look at a block of a delimited file: is every record plainly of the right width?"""

import re

import numpy as np

LONGEST_CELL = 10_000
"""Characters that one cell may hold."""

_ALL_BYTES = bytes(range(256))


class RegularBlocks:
    """Recognise blocks whose records can be counted without parsing them one by one.

    A block is regular when every record has `width` fields, every quote stands at the
    edge of its field, no quoted field holds a delimiter, a quote or a line end, and no
    record is longer than a cell may be. Nothing regular can be read in two ways.

    Parameters
    ----------
    delimiter : bytes
        One byte.
    width : int
        Fields of a record; with fewer than two no block is regular, because a blank
        line would then look like a record.
    """

    def __init__(self, delimiter: bytes, width: int) -> None:
        self._delimiter = delimiter[0]
        self._width = width
        self._separators = delimiter * (width - 1) + b"\n"
        self._unspecial = re.sub(b'[\n"' + re.escape(delimiter) + b"]", b"", _ALL_BYTES)

    def records_in(self, block: bytes) -> int | None:
        """Return the number of records of a block, or None when it is not regular.

        `block` starts at the start of a record and ends with a line feed; each carriage
        return in it is followed by a line feed.
        """
        if self._width < 2:
            return None
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        symbols = np.frombuffer(b"\n" + block, dtype=np.uint8)
        line_ends = symbols == ord("\n")
        starts = np.flatnonzero(line_ends)
        if np.diff(starts).max() > LONGEST_CELL or not self._is_of_one_width(block):
            return None
        if b'"' in block and not self._has_quotes_at_edges_only(symbols, line_ends):
            return None
        return len(starts) - 1

    def _is_of_one_width(self, block: bytes) -> bool:
        """Say whether separators alone, each pair of quotes left out, show one width.

        Two quotes in a row here are the two of one field, once all are known to stand at
        the edges of fields.
        """
        special = block.translate(None, self._unspecial)
        first = special[: special.index(b"\n") + 1]
        if first.replace(b'""', b"") != self._separators:
            return False
        if special == first * (len(special) // len(first)):
            return True
        unquoted = special.replace(b'""', b"")
        return unquoted == self._separators * (len(unquoted) // self._width)

    def _has_quotes_at_edges_only(self, symbols: np.ndarray, line_ends: np.ndarray) -> bool:
        """Say whether each quote stands first or last in its field."""
        edges = line_ends | (symbols == self._delimiter)
        quotes = (symbols == ord('"'))[1:-1]
        opening = quotes & edges[:-2]
        closing = quotes & edges[2:]
        return bool(np.array_equal(opening | closing, quotes))
