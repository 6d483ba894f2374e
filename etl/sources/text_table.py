"""A table of a source that is no canonical file, as text, with the place of every record."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, eq=False)
class TextTable:
    """Records of one table of a source: every cell the text that stands in the source.

    Attributes
    ----------
    name : str
        How a mapping calls it: file stem, sheet, REDCap form, CDM table or FHIR resource.
    origin : Path
        The file that it comes from.
    title : str
        How messages call it, such as 'cases.xlsx, sheet Cases'.
    header : tuple of str
        Unique names; never empty.
    readable_path : Path
        A UTF-8 file with comma, double quote and one record a line of `header`; an empty cell is
        missing. Lies in the workspace of the load, or is the source itself where it is such a
        file.
    records : int
        Records in `readable_path`.
    places : sequence of int
        places[n - 1] is where record n stands in the origin, from 1.
    place_word : str
        What `places` counts: 'line', 'row' or 'entry'.
    faults : tuple of (int, str)
        Place and reason of what could not be read as a record; never a value of it.
    """

    name: str
    origin: Path
    title: str
    header: tuple[str, ...]
    readable_path: Path
    records: int
    places: Sequence[int]
    place_word: str = "line"
    faults: tuple[tuple[int, str], ...] = field(default=())

    def place_of(self, record: int) -> str:
        """Return where record `record`, from 1, stands in the origin, such as 'row 17'."""
        return f"{self.place_word} {self.places[record - 1]}"


def write_records(
    path: Path, header: Sequence[str], records: Iterable[Sequence[str | None]]
) -> int:
    """Write records as the text file that a TextTable reads, and return how many.

    The file is readable by its owner only, since nothing of it has been looked at by the
    identifier gate. A cell is written exactly; None becomes a missing cell.
    """
    path.touch(mode=0o600)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for record in records:
            cells = ["" if cell is None else cell for cell in record]
            if any("\r" in cell for cell in cells):
                file.write(_all_quoted(cells))
            else:
                writer.writerow(cells)
            count += 1
    return count


def _all_quoted(cells: Sequence[str]) -> str:
    """Return a record with every given cell in quotes: the writer leaves a lone CR outside."""
    quoted = ('"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells)
    return ",".join(quoted) + "\n"
