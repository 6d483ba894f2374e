"""Read a mapping file into what it declares; whatever is not understood is refused by line."""

from decimal import Decimal
from pathlib import Path

from etl.group_sizes import HIDDEN
from etl.mapping.declaration import Block, Mapping, Source, Threshold
from etl.mapping.reading_blocks import BlockReader
from etl.mapping.rules import MAPPING_RULES
from etl.mapping.statement import Statement, read_toml, toml_statement
from warehouse.errors import SourceUnreadable
from warehouse.settings import PRIVACY_MODES
from warehouse.source_schema import TABLES
from warehouse.sql_files import sql_names

UNDATED = "undated"
"""Declared for a visit on no particular day; its scores have none."""
_GRAMMAR = 1
_TABLE_NAMES = tuple(table.name for table in TABLES)
_TOP = (
    "mapping", "reviewed", "privacy_mode", "day_zero", "eq5d_value_set", "missing",
    "decimal_comma", "thresholds", "visits", "sources", *_TABLE_NAMES,
)  # fmt: skip
_SOURCE_KEYS = ("table", "missing", "decimal_comma", "delimiter", "encoding")


def read_mapping(path: Path) -> Mapping:
    """Return what a mapping file declares.

    Raises
    ------
    SourceUnreadable
        If it cannot be read, holds a key that is not known, lacks one that is needed, or is
        marked as not reviewed; the message names file, line, key, what is allowed and a remedy.
    """
    return _mapping_from(read_toml(path))


def parse_mapping(text: str, file: str = "mapping.toml") -> Mapping:
    """Return what the text of a mapping file declares; errors as `read_mapping`."""
    return _mapping_from(toml_statement(text, file))


def _mapping_from(top: Statement) -> Mapping:
    keys = top.entries(_TOP)
    _check_reviewed(keys)
    visits = _visits(keys.get("visits"))
    sources = _sources(keys)
    blocks = _blocks(keys, visits)
    mapping = Mapping(
        file=top.file,
        privacy_mode=keys["privacy_mode"].one_of(PRIVACY_MODES)
        if "privacy_mode" in keys
        else PRIVACY_MODES[0],
        day_zero=keys["day_zero"].one_of(("before", "after", "unknown"))
        if "day_zero" in keys
        else None,
        eq5d_value_set=keys["eq5d_value_set"].text() if "eq5d_value_set" in keys else "",
        max_refused=_max_refused(keys.get("thresholds")),
        thresholds=_thresholds(keys.get("thresholds")),
        visits=visits,
        sources=sources,
        blocks=blocks,
    )
    _check_whole(mapping, top)
    return mapping


def _check_reviewed(keys: dict[str, Statement]) -> None:
    if "mapping" in keys and keys["mapping"].value != _GRAMMAR:
        raise keys["mapping"].refusal(
            "this version is not known", f"Allowed: mapping = {_GRAMMAR}."
        )
    if "reviewed" in keys and not keys["reviewed"].flag():
        raise keys["reviewed"].refusal(
            "the mapping was proposed and has not been reviewed",
            "Settle each line that is marked 'ask', write reviewed = true, and load again.",
        )


def _visits(statement: Statement | None) -> dict[str, str]:
    if statement is None:
        return {}
    return {visit: _day(day) for visit, day in statement.entries().items()}


def _day(statement: Statement) -> str:
    return "" if statement.value == UNDATED else str(statement.number())


def _sources(keys: dict[str, Statement]) -> dict[str, Source]:
    """Read what is declared of sources; what stands at the top holds for every one of them."""
    missing = keys["missing"].scalars() if "missing" in keys else ()
    comma = "decimal_comma" in keys and keys["decimal_comma"].flag()
    declared = keys["sources"].entries() if "sources" in keys else {}
    found = {name: _source(name, source, missing, comma) for name, source in declared.items()}
    for table in _TABLE_NAMES:
        for block in keys[table].items() if table in keys else ():
            for name in _source_names(block):
                found.setdefault(name, Source(name, name, missing, comma, line=block.line))
    return found


def _source(name: str, statement: Statement, missing: tuple[str, ...], comma: bool) -> Source:
    keys = statement.entries(_SOURCE_KEYS)
    return Source(
        name=name,
        table=keys["table"].text() if "table" in keys else name,
        missing=keys["missing"].scalars() if "missing" in keys else missing,
        decimal_comma=keys["decimal_comma"].flag() if "decimal_comma" in keys else comma,
        delimiter=_delimiter(keys.get("delimiter")),
        encoding=_encoding(keys.get("encoding")),
        line=statement.line,
    )


def _source_names(block: Statement) -> list[str]:
    """Return the sources that a block names, before anything of it has been checked."""
    if not isinstance(block.value, dict):
        return []
    parts = [block.value]
    for key in ("join", "gather"):
        value = block.value.get(key, [])
        parts += value if isinstance(value, list) else [value]
    names = [part.get("source") for part in parts if isinstance(part, dict)]
    return [name for name in names if isinstance(name, str)]


def _delimiter(statement: Statement | None) -> str | None:
    if statement is None:
        return None
    return statement.one_of((",", ";", "\t", "|"))


def _encoding(statement: Statement | None) -> str | None:
    if statement is None:
        return None
    try:
        "".encode(statement.text())
    except LookupError:
        raise statement.refusal(
            f"'{statement.value}' is no known encoding", "Allowed: utf-8, utf-16, cp1252, latin-1."
        ) from None
    return str(statement.value)


def _blocks(keys: dict[str, Statement], visits: dict[str, str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    number = 0
    for table in TABLES:
        for statement in keys[table.name].items() if table.name in keys else ():
            block = BlockReader(table, visits, statement).block(number)
            number += len(block.entries)
            blocks.append(block)
    return tuple(blocks)


def _max_refused(statement: Statement | None) -> float | None:
    keys = {} if statement is None else statement.entries()
    return float(_share(keys["max_refused"])) if "max_refused" in keys else None


def _thresholds(statement: Statement | None) -> dict[str, Threshold]:
    rules = [name.removeprefix("checks/") for name in sql_names("checks")]
    known = ("max_refused", HIDDEN, *rules, *MAPPING_RULES)
    keys = {} if statement is None else statement.entries(known)
    return {rule: _threshold(keys[rule]) for rule in keys if rule != "max_refused"}


def _threshold(statement: Statement) -> Threshold:
    if not isinstance(statement.value, dict):
        return Threshold(float(_share(statement)))
    keys = statement.entries(("share", "note"))
    if "share" not in keys:
        raise statement.refusal("'share' is missing", "Needed: share = 0.05, a part of the rows.")
    return Threshold(float(_share(keys["share"])), keys["note"].text() if "note" in keys else "")


def _share(statement: Statement) -> Decimal:
    share = statement.number()
    if not 0 <= share <= 1:
        raise statement.refusal(f"{share} is not a share", "Allowed: from 0 to 1.")
    return share


def _check_whole(mapping: Mapping, top: Statement) -> None:
    """Refuse what no single line shows."""
    if not mapping.blocks:
        raise SourceUnreadable(
            f"{top.file}: no table is mapped\n  Needed: [procedures] with source and columns."
        )
    cells = [cell for entry in mapping.entries for cell in entry.cells.values()]
    for cell in cells:
        place = f"{mapping.file}, line {cell.line}, column '{cell.name}'"
        if cell.name == "procedure_month" and mapping.privacy_mode == "safe_harbor":
            raise SourceUnreadable(
                f'{place}: a month is not kept under privacy_mode = "safe_harbor"\n'
                '  Leave the line out, or declare privacy_mode = "limited_data_set".'
            )
        if cell.name == "days" and cell.date is not None and mapping.day_zero is None:
            raise SourceUnreadable(
                f"{place}: dates give whole days, and day 0 may be before or after the procedure\n"
                '  Add day_zero = "before", "after" or "unknown" at the top of the mapping.'
            )
        if _is_eq5d(cell.name, cell.constant, tuple(cell.recode.values())):
            _check_value_set(mapping, place)


def _is_eq5d(name: str, constant: str | None, recoded: tuple[str, ...]) -> bool:
    return name == "instrument" and "eq5d_index" in (constant, *recoded)


def _check_value_set(mapping: Mapping, place: str) -> None:
    if not mapping.eq5d_value_set:
        raise SourceUnreadable(
            f"{place}: an EQ-5D index depends on its value set\n"
            '  Add eq5d_value_set = "...", such as "US 5L (Pickard 2019)", at the top.'
        )
