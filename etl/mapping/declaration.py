"""What a mapping file declares, once it has been read and found complete."""

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field

from etl.mapping.conversions import Conversion


@dataclass(frozen=True)
class SourceColumn:
    """A column of the block's own source, or of one that it joins or gathers."""

    name: str
    alias: str = ""

    @property
    def words(self) -> str:
        """Return it as the mapping writes it, such as 'op_date' or 'cases.op_date'."""
        return f"{self.alias}.{self.name}" if self.alias else self.name


@dataclass(frozen=True)
class DatedColumn:
    """A column of dates with its declared format, such as 'DD/MM/YYYY'."""

    column: SourceColumn
    format: str
    line: int


@dataclass(frozen=True)
class CodeRule:
    """From which columns of codes a technique or a cause is derived.

    Attributes
    ----------
    codes, units : tuple of SourceColumn
        Columns of codes on the claim of the procedure; of each, how many units were billed.
    nearby, history : tuple of SourceColumn
        Diagnoses within 30 days, read where the claim has no fracture code; and earlier ones,
        read for support codes only.
    separator : str
        What parts several codes in a cell; empty where a cell holds one.
    balloon : tuple of SourceColumn
        A value above 0 tells that a balloon was used.
    device, biopsy : Cell or None
        What names the device as a technique; what gives the result of the biopsy.
    spine_context : bool
        True where every code is about the treated vertebra.
    """

    codes: tuple[SourceColumn, ...] = ()
    units: tuple[SourceColumn, ...] = ()
    nearby: tuple[SourceColumn, ...] = ()
    history: tuple[SourceColumn, ...] = ()
    separator: str = ""
    balloon: tuple[SourceColumn, ...] = ()
    device: "Cell | None" = None
    biopsy: "Cell | None" = None
    spine_context: bool = False

    @property
    def columns(self) -> tuple[SourceColumn, ...]:
        """Return every column that it reads."""
        told = [cell for cell in (self.device, self.biopsy) if cell is not None]
        return (
            *self.codes, *self.units, *self.nearby, *self.history, *self.balloon,
            *(column for cell in told for column in cell.columns),
        )  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """How one canonical column is filled.

    Attributes
    ----------
    name : str
        The canonical column.
    line : int
        Line of the mapping file.
    columns : tuple of SourceColumn
        One, or the parts of a composite key; none for a constant.
    constant : str or None
    separator : str
        Between the parts of a composite key.
    recode : mapping of str to str
        Source value -> canonical value; an empty value means missing.
    missing : tuple of str
        Codes of this column that mean missing, beside those of the source.
    if_missing : str or None
        What a missing cell stands for.
    decimal_comma : bool or None
        None: as its source declares.
    conversion : Conversion or None
        Unit or scale.
    conversions : mapping of str to Conversion
        For a score: instrument -> its scale.
    date : DatedColumn or None
        Where the cell is made from a date.
    part : {'day', 'year', 'month', 'age'}
        What is made from it.
    is_visit : bool
        True where the cell names a visit.
    split : str
        What parts several values in a cell, each of which makes a row.
    code_rule : CodeRule or None
    """

    name: str
    line: int
    columns: tuple[SourceColumn, ...] = ()
    constant: str | None = None
    separator: str = "-"
    recode: ReadOnly[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    if_missing: str | None = None
    decimal_comma: bool | None = None
    conversion: Conversion | None = None
    conversions: ReadOnly[str, Conversion] = field(default_factory=dict)
    date: DatedColumn | None = None
    part: str = "day"
    is_visit: bool = False
    split: str = ""
    code_rule: CodeRule | None = None

    @property
    def every_column(self) -> tuple[SourceColumn, ...]:
        """Return every source column that it reads, dates and codes included."""
        dated = () if self.date is None else (self.date.column,)
        codes = () if self.code_rule is None else self.code_rule.columns
        return (*self.columns, *dated, *codes)


Filter = ReadOnly[SourceColumn, tuple[str, ...]]
"""Column -> the values of which it must hold one."""


@dataclass(frozen=True)
class Join:
    """Another source of which at most one record belongs to each record, unless `many`.

    `on` gives pairs of own column and column of the joined source.
    """

    source: str
    on: tuple[tuple[SourceColumn, str], ...]
    many: bool
    line: int


@dataclass(frozen=True)
class Gather:
    """Values of many records of another source, gathered into one cell called `name`.

    `window` keeps the records whose date lies so many days around the reference date.
    """

    name: str
    source: str
    column: str
    on: tuple[tuple[SourceColumn, str], ...]
    date: DatedColumn | None
    window: tuple[int, int] | None
    line: int


@dataclass(frozen=True)
class Entry:
    """Rows of a canonical table that each record of a block makes once, and how they are filled.

    Attributes
    ----------
    number : int
        Place among the entries of the whole mapping, from 0; rows carry it as `source_entry`.
    cells : mapping of str to Cell
        Canonical column -> how it is filled.
    where : Filter
        Which of the block's records make this row.
    needs : tuple of SourceColumn
        A record makes a row only where one of these is given; none: always.
    line : int
    """

    number: int
    cells: ReadOnly[str, Cell]
    where: Filter
    needs: tuple[SourceColumn, ...]
    line: int


@dataclass(frozen=True)
class Block:
    """One part of the mapping: a source of which one canonical table is filled.

    `where` says which of its records are meant; the others are counted as out of scope.
    """

    table: str
    source: str
    where: Filter
    entries: tuple[Entry, ...]
    joins: tuple[Join, ...]
    gathers: tuple[Gather, ...]
    reference_date: DatedColumn | None
    line: int


@dataclass(frozen=True)
class Source:
    """How a table of the source is to be read.

    `table` is its name as the reader calls it. `delimiter` and `encoding` are for delimited
    files; None: by suffix and byte order mark.
    """

    name: str
    table: str
    missing: tuple[str, ...] = ()
    decimal_comma: bool = False
    delimiter: str | None = None
    encoding: str | None = None
    line: int = 1


@dataclass(frozen=True)
class Threshold:
    """Share of rows, 0 to 1, above which a rule stops the load, and why it was set."""

    share: float
    note: str = ""


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file.

    Attributes
    ----------
    file : str
        Its name, for messages.
    privacy_mode : {'safe_harbor', 'limited_data_set'}
    day_zero : {'before', 'after', 'unknown'} or None
        When scores of day 0 were taken; None where no score is dated by whole days.
    eq5d_value_set : str
    max_refused : float or None
    thresholds : mapping of str to Threshold
        Rule -> its threshold.
    visits : mapping of str to str
        Visit -> its day, as text; empty for a visit on no particular day.
    sources : mapping of str to Source
        Sources by the name that blocks use; a source that is not declared is its table's name.
    blocks : tuple of Block
    """

    file: str
    privacy_mode: str
    day_zero: str | None
    eq5d_value_set: str
    max_refused: float | None
    thresholds: ReadOnly[str, Threshold]
    visits: ReadOnly[str, str]
    sources: ReadOnly[str, Source]
    blocks: tuple[Block, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return every entry, in the order of their numbers."""
        return tuple(entry for block in self.blocks for entry in block.entries)

    def blocks_of(self, table: str) -> tuple[Block, ...]:
        """Return the blocks that fill one canonical table."""
        return tuple(block for block in self.blocks if block.table == table)

    def source_named(self, name: str) -> Source:
        """Return what is declared of a source, or that it is read as it stands."""
        return self.sources.get(name, Source(name, name))

    def place_of(self, entry: int, column: str) -> str:
        """Return where one entry fills one canonical column, such as 'mapping.toml, line 12'."""
        found = self.entries[entry]
        cell = found.cells.get(column)
        return f"{self.file}, line {found.line if cell is None else cell.line}"

    def source_words(self, entry: int, column: str) -> str:
        """Return which source columns one entry fills one canonical column from, as written."""
        cell = self.entries[entry].cells.get(column)
        return "" if cell is None else ", ".join(c.words for c in cell.every_column)
