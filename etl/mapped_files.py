"""Canonical tables that a mapping makes of other tables, staged as canonical files would be."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from etl.history import SourceFile
from etl.mapping.building import MappedTable, map_tables
from etl.mapping.declaration import Mapping
from etl.mapping.rules import MAPPING_RULES
from etl.mapping.suspect_scales import ask_for_scales
from etl.report import SHOWN_LENGTH, ExampleRow, Finding
from etl.sources.any_source import AnySource
from etl.sources.field_count import RaggedRecord
from etl.sources.text_table import TextTable
from etl.stage import create_stage_types, declare_columns, empty_raw_table, staging_statement
from warehouse.connection import Connection
from warehouse.source_schema import TABLES, table_named

_EXAMPLES = 5
_CARRIED = ("source_place", "source_record", "source_entry", "out_of_scope")


@dataclass(frozen=True, eq=False)
class MappedFile:
    """A canonical table that a mapping made; it stands where a canonical file would.

    Attributes
    ----------
    table : str
    path : Path
        Names what it was made of, for messages.
    header : tuple of str
        Canonical columns that the mapping fills.
    sound_records : int
        Rows that were made.
    ragged : tuple of RaggedRecord
        Records of its sources that could not be read.
    left_out : int
        Records of its sources that the mapping leaves out on purpose.
    is_in_order : bool
        True where row n was made of record n of its one source.
    """

    table: str
    path: Path
    header: tuple[str, ...]
    sound_records: int
    ragged: tuple[RaggedRecord, ...]
    left_out: int
    delimiter: str = ","
    is_in_order: bool = False
    _connection: Connection = field(repr=False, kw_only=True)
    _mapping: Mapping = field(repr=False, kw_only=True)
    _sources: Sequence[TextTable] = field(repr=False, kw_only=True)

    @property
    def records(self) -> int:
        """Return how many records there were, whatever became of them."""
        return self.sound_records + len(self.ragged) + self.left_out

    def record_of(self, sound_record: int) -> int:
        """Return the number of a row: rows are numbered as they were made."""
        return sound_record

    def line_of(self, record: int) -> int:
        """Return where the record that made a row stands in its source: line, row or entry."""
        place, source_record, _ = self._origins
        table = self._sources[int(place[record - 1])]
        return table.places[int(source_record[record - 1]) - 1]

    def origin_of(self, record: int, column: str) -> str:
        """Return of which source columns a cell was made, and which line declares it."""
        if not column:
            return ""
        entry = int(self._origins[2][record - 1])
        words = self._mapping.source_words(entry, column)
        return "; ".join(filter(None, (words, self._mapping.place_of(entry, column))))

    def ragged_texts(self) -> Iterator[str]:
        """Yield nothing of the records that could not be read: their text is not kept."""
        return iter("" for _ in self.ragged)

    @cached_property
    def _origins(self) -> tuple[np.ndarray, ...]:
        names = ("source_place", "source_record", "source_entry")
        record = "rowid + 1" if self.is_in_order else "source_record"
        found = self._connection.execute(
            f"select source_place, {record} as source_record, source_entry "
            f"from raw_{self.table} order by rowid"
        ).fetchnumpy()
        return tuple(np.asarray(found[name]) for name in names)


def stage_mapped_tables(
    connection: Connection, mapping: Mapping, source: AnySource
) -> dict[str, MappedFile]:
    """Create `raw_<table>` for every canonical table, from what the mapping makes of the sources.

    A row keeps where it comes from in source_place (place among the tables of `source`),
    source_record and source_entry.

    Raises
    ------
    SourceUnreadable
        As `map_tables`.
    """
    create_stage_types(connection)
    made = map_tables(connection, mapping, source.tables, is_staged=True)
    mapped = {table.table: table for table in made}
    files = {}
    for table in TABLES:
        if table.name in mapped:
            files[table.name] = _stage(connection, mapping, mapped[table.name], source)
        else:
            empty_raw_table(connection, table)
    declare_columns(connection, {name: file.header for name, file in files.items()})
    if "assessments" in files:
        ask_for_scales(connection, mapping, "raw_assessments")
    return files


def mark_out_of_scope(connection: Connection, files: dict[str, MappedFile]) -> None:
    """Add to `bad_cells` the rows that are about the sacrum only, and their children.

    To be called once keys are assigned.
    """
    for name in files:
        connection.execute(
            "insert into bad_cells select $name, rowid + 1, 'level', 'scope', '', 'C1 to L5' "
            f"from raw_{name} where out_of_scope",
            {"name": name},
        )
    for name in (name for name in files if name != "procedures"):
        connection.execute(
            f"""
            insert into bad_cells
            select $name, record, 'procedure_id', 'scope', '', 'a procedure in scope'
            from stg_{name}
            where procedure_key in (
                select procedure_key
                from stg_procedures
                join bad_cells using (record)
                where table_name = 'procedures' and problem = 'scope'
            )
            """,
            {"name": name},
        )


def mapping_findings(connection: Connection, files: dict[str, MappedFile]) -> list[Finding]:
    """Return what the mapping itself found, one finding per rule and table."""
    findings = []
    for name, file in files.items():
        rows = connection.execute(
            f"""
            select rule, raw.rowid + 1 as record, column_name, left(found, {SHOWN_LENGTH}), allowed
            from mapping_findings
            join raw_{name} as raw using (source_record, source_entry)
            where table_name = $name
            order by rule, record, column_name
            """,
            {"name": name},
        ).fetchall()
        for rule in dict.fromkeys(row[0] for row in rows):
            found = [row[1:] for row in rows if row[0] == rule]
            findings.append(
                Finding(
                    rule,
                    MAPPING_RULES[rule][0],
                    name,
                    len({record for record, *_ in found}),
                    file.records,
                    tuple(
                        ExampleRow(
                            record,
                            file.line_of(record),
                            column,
                            value,
                            allowed,
                            file.origin_of(record, column),
                        )
                        for record, column, value, allowed in found[:_EXAMPLES]
                    ),
                )
            )
    return findings


def source_file(name: str, path: Path) -> SourceFile:
    """Return what is remembered of a file or of all files of a folder: checksum and size."""
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    digest, size = hashlib.sha256(), 0
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
        size += file.stat().st_size
    return SourceFile(name, path.name, digest.hexdigest(), size)


def _stage(
    connection: Connection, mapping: Mapping, mapped: MappedTable, source: AnySource
) -> MappedFile:
    names = ", ".join("'" + table.name.replace("'", "''") + "'" for table in source.tables)
    carried = (
        f"(list_position([{names}], source_table) - 1)::utinyint as source_place",
        *_CARRIED[1:],
    )
    statement = staging_statement(
        table_named(mapped.table), mapped.columns, mapped.relation, carried
    )
    connection.execute(statement)
    [(count,)] = connection.execute(f"select count(*) from raw_{mapped.table}").fetchall()
    used = [table for table in source.tables if table.name in _sources_of(mapping, mapped.table)]
    own = [table for table in used if mapped.table == _first_table_of(mapping, table.name)]
    faults = [fault for table in own for fault in table.faults]
    return MappedFile(
        table=mapped.table,
        path=Path(" and ".join(table.title for table in used)),
        header=mapped.columns,
        sound_records=count,
        ragged=tuple(
            RaggedRecord(count + number, place, 0, 0, reason, "")
            for number, (place, reason) in enumerate(faults, 1)
        ),
        left_out=mapped.left_out + sum(source.out_of_scope[table.name] for table in own),
        is_in_order=mapped.is_in_order,
        _connection=connection,
        _mapping=mapping,
        _sources=source.tables,
    )


def _sources_of(mapping: Mapping, table: str) -> list[str]:
    """Return the tables of which a canonical table is made."""
    return [mapping.source_named(block.source).table for block in mapping.blocks_of(table)]


def _first_table_of(mapping: Mapping, source: str) -> str:
    """Return the canonical table to which a source's unreadable records are counted."""
    return next(table.name for table in TABLES if source in _sources_of(mapping, table.name))
