"""The text tables that the FHIR reader writes, with the place of every row in the export."""

import csv
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from etl.sources.fhir.columns import COLUMNS, header_of
from etl.sources.fhir.survey import SurveyedFile
from etl.sources.text_table import TextTable


@dataclass(frozen=True, eq=False)
class FhirTable(TextTable):
    """The rows of one resource type, from all files of an export.

    Its `places` count on from file to file; `place_of` and `where` name the file too where
    there are several. With one file a place is the line or entry itself.

    Attributes
    ----------
    files : sequence of SurveyedFile
    """

    files: Sequence[SurveyedFile] = ()

    def place_of(self, record: int) -> str:
        """Return where record `record`, from 1, stands in the export."""
        return where(self.places[record - 1], self.files)


def where(place: int, files: Sequence[SurveyedFile]) -> str:
    """Return a place of the whole export in words: 'line 17', or with its file if several."""
    position = bisect_left([surveyed.base for surveyed in files], place) - 1
    surveyed = files[position]
    words = f"{surveyed.file.place_word} {place - surveyed.base}"
    return words if len(files) == 1 else f"{surveyed.file.title}, {words}"


class TableWriter:
    """Writes the rows of one resource type; readable by its owner only."""

    def __init__(self, resource_type: str, folder: Path, closing: ExitStack) -> None:
        self.resource_type = resource_type
        self.path = folder / f"fhir_{resource_type}.csv"
        self.places = array("Q")
        self.faults: list[tuple[int, str]] = []
        self.path.touch(mode=0o600)
        file = closing.enter_context(self.path.open("w", encoding="utf-8", newline=""))
        self._writer = csv.DictWriter(file, header_of(resource_type), "", lineterminator="\n")
        self._writer.writeheader()

    def write(self, rows: Iterable[Mapping[str, str]], place: int) -> None:
        """Write rows that stand at one place."""
        for row in rows:
            self._writer.writerow(row)
            self.places.append(place)

    def table(self, files: Sequence[SurveyedFile]) -> FhirTable:
        """Return the table, once its file is closed."""
        several = len(files) > 1
        origin = files[0].file.path
        title = "the FHIR export" if several else files[0].file.title
        return FhirTable(
            name=self.resource_type,
            origin=origin.parent if several else origin,
            title=f"{title}, resource {self.resource_type}",
            header=header_of(self.resource_type),
            readable_path=self.path,
            records=len(self.places),
            places=self.places,
            place_word="resource" if several else files[0].file.place_word,
            faults=tuple(
                (place, f"{where(place, files)}: {reason}" if several else reason)
                for place, reason in self.faults
            ),
            files=tuple(files),
        )


def write_order(tables: Mapping[str, TableWriter]) -> list[TableWriter]:
    """Return the tables in the order in which `COLUMNS` declares them."""
    return [tables[resource_type] for resource_type in COLUMNS if resource_type in tables]
