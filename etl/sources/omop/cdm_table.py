"""A table of an OMOP source, whatever file it lies in: its fields as text, and its places."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import SourceUnreadable

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
          "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_AS_WRITTEN = ("BOOLEAN", "DATE", "DECIMAL", "ENUM", "TIMESTAMP", "TIME", "UUID", *_WHOLE)


@dataclass(frozen=True, eq=False)
class CdmTable:
    """One table of the source.

    Attributes
    ----------
    name : str
        In lower case, as in the specification.
    origin : Path
    title : str
        How messages call it.
    columns : dict of str to str
        Field in lower case -> its column in the source.
    types : dict of str to str
        Field -> type of its column in the warehouse's words; 'VARCHAR' for text files.
    relation : str
        SQL after FROM.
    record : str
        SQL of the number of a record, from 1.
    records : int
        How many it holds.
    is_counted : bool
        True where another reader counted, so that both must agree.
    place_word : str
    place_of : callable
        Number of a record -> its place in the origin.
    faults : tuple of (int, str)
        Places and reasons of what could not be read as a record.
    """

    name: str
    origin: Path
    title: str
    columns: Mapping[str, str]
    types: Mapping[str, str]
    relation: str
    record: str
    records: int
    is_counted: bool
    place_word: str
    place_of: Callable[[int], int]
    faults: tuple[tuple[int, str], ...] = ()

    def select(self, fields: Iterable[str], *, whole: Collection[str] = ()) -> str:
        """Return a query of `record` and each field as text, null where the source lacks it.

        Of the fields in `whole` a text such as '17.0' becomes '17', which other programs write
        for whole numbers where some are missing.
        """
        cells = [
            f"{_whole(self._text(field)) if field in whole else self._text(field)} as {field}"
            for field in fields
        ]
        return f"select {', '.join([f'{self.record} as record', *cells])} from {self.relation}"

    def _text(self, field: str) -> str:
        column = self.columns.get(field)
        if column is None:
            return "cast(null as varchar)"
        return _as_text(quoted(column), self.types[field], f"{self.title}, field {field!r}")


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: object) -> str:
    """Return a text as an SQL literal."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"


def _as_text(column: str, type_name: str, place: str) -> str:
    """Return SQL of a column as the text that stands for it; whole numbers without a point."""
    kind = type_name.split("(")[0].split(" ")[0].upper()
    if kind == "VARCHAR":
        return f"nullif(trim({column}), '')"
    if kind in ("FLOAT", "DOUBLE"):
        return (
            f"case when abs({column}) < 1e15 and {column} = trunc({column}) "
            f"then cast(cast({column} as bigint) as varchar) else cast({column} as varchar) end"
        )
    if kind.startswith(_AS_WRITTEN):
        return f"cast({column} as varchar)"
    raise SourceUnreadable(
        f"{place}: holds {kind}, which is no text, number or date\n"
        "  Export the field in the type that the OMOP specification names."
    )


def _whole(text: str) -> str:
    return (
        f"case when contains({text}, '.') "
        f"then regexp_replace({text}, '^(-?[0-9]+)\\.0+$', '\\1') else {text} end"
    )
