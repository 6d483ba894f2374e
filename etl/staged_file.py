"""What later steps ask of a canonical table's source, whatever it was made of."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from etl.sources.field_count import RaggedRecord


class StagedFile(Protocol):
    """The source of one canonical table, once its rows are staged."""

    @property
    def table(self) -> str:
        """Return the canonical table."""
        ...

    @property
    def path(self) -> Path:
        """Return what names the source in messages."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """Return the columns that the source fills."""
        ...

    @property
    def delimiter(self) -> str:
        """Return what parts the fields of a ragged text."""
        ...

    @property
    def records(self) -> int:
        """Return how many records there are."""
        ...

    @property
    def sound_records(self) -> int:
        """Return how many of them are staged."""
        ...

    @property
    def left_out(self) -> int:
        """Return how many of them are not meant."""
        ...

    @property
    def ragged(self) -> tuple[RaggedRecord, ...]:
        """Return the records that could not be read."""
        ...

    def record_of(self, sound_record: int) -> int:
        """Return the number in the source of the n-th staged row, n from 1."""
        ...

    def line_of(self, record: int) -> int:
        """Return where a record stands in its source, from 1."""
        ...

    def origin_of(self, record: int, column: str) -> str:
        """Return of what a mapped cell was made and where that is declared; empty otherwise."""
        ...

    def ragged_texts(self) -> Iterator[str]:
        """Yield the text of each ragged record, as far as it is kept."""
        ...


Files = Mapping[str, StagedFile]
"""Canonical table -> its source."""
