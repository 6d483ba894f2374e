"""Where a record stands: its number in the file, its number among sound records, its line."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class RecordNumbering:
    """Translate between sound records, all records and physical lines of one file.

    Records are counted from 1 after the header, the header is record 0 and starts on
    line 1. Kept sparse: only records of several lines and ragged records cost memory.

    Parameters
    ----------
    longer : iterable of (int, int)
        Ascending (record number, lines it covers beyond the first).
    ragged : iterable of int
        Ascending numbers of the records that were left out of the sound copy.
    """

    def __init__(self, longer: Iterable[tuple[int, int]] = (), ragged: Iterable[int] = ()) -> None:
        self._longer, self._extra_lines = array("q"), array("q", [0])
        for record, extra in longer:
            self._longer.append(record)
            self._extra_lines.append(self._extra_lines[-1] + extra)
        self._first_sound_after = array("q", (number - i for i, number in enumerate(ragged)))

    def line_of(self, record: int) -> int:
        """Return the physical line, from 1, on which a record starts."""
        return record + 1 + self._extra_lines[bisect_left(self._longer, record)]

    def record_of(self, sound_record: int) -> int:
        """Return the number in the file of the n-th sound record, n from 1."""
        return sound_record + bisect_right(self._first_sound_after, sound_record)
