"""A delimited file of any practice as a text table."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from etl.sources.delimited import DelimitedFile, read_delimited
from etl.sources.text_table import TextTable, write_records


class _Lines(Sequence[int]):
    """The physical line of each sound record, counted only when it is asked for."""

    def __init__(self, file: DelimitedFile) -> None:
        self._file = file

    def __len__(self) -> int:
        return self._file.sound_records

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self._file.line_of(self._file.record_of(place % len(self) + 1))


def read_delimited_table(
    path: Path, *, workspace: Path, delimiter: str | None = None, encoding: str | None = None
) -> TextTable:
    """Return a delimited file as a table named by its stem.

    Parameters
    ----------
    path : Path
    workspace : Path
        Folder for copies.
    delimiter, encoding : str, optional
        As a mapping declares them; without, by suffix and byte order mark.

    Raises
    ------
    SourceUnreadable
        As `read_delimited`.
    """
    file = read_delimited(
        path, table=path.stem, workspace=workspace, delimiter=delimiter, encoding=encoding
    )
    return TextTable(
        name=path.stem,
        origin=path,
        title=path.name,
        header=file.header,
        readable_path=_comma_separated(file, workspace),
        records=file.sound_records,
        places=_Lines(file),
        place_word="line",
        faults=tuple(
            (record.line, f"{record.found_fields} fields, the header has {record.expected_fields}")
            for record in file.ragged
        ),
    )


def _comma_separated(file: DelimitedFile, workspace: Path) -> Path:
    """Return the file itself where commas part its fields, else a copy in which they do."""
    if file.delimiter == ",":
        return file.readable_path
    copy = workspace / f"{file.path.name}.commas.csv"
    write_records(copy, file.header, _records(file))
    return copy


def _records(file: DelimitedFile) -> Iterator[list[str]]:
    with file.readable_path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=file.delimiter, strict=True)
        next(reader)
        yield from reader
