"""Derive technique and cause once for each distinct set of codes, and hand them to every row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from etl.mapping.cause import CauseEvidence, cause_of
from etl.mapping.codes import codes_in
from etl.mapping.declaration import Cell, CodeRule, Entry, SourceColumn
from etl.mapping.expressions import CellWriter, sql_text
from etl.mapping.technique import TechniqueEvidence, technique_of
from etl.mapping.verdicts import Verdict
from warehouse.connection import Connection
from warehouse.source_schema import table_named

_BETWEEN = "\x1f"
_GIVEN = Cell("", 0)
_MOST_UNITS = 20
_INSERTED_AT_ONCE = 5000


@dataclass(frozen=True)
class CodeColumns:
    """A lookup of verdicts that rows join by the text of everything they say.

    Attributes
    ----------
    alias : str
        Name of the temporary table: key, value, certainty, rule, levels, out_of_scope.
    key : str
        SQL of a row's key.
    column : {'technique', 'cause'}
    rule : CodeRule
    """

    alias: str
    key: str
    column: str
    rule: CodeRule

    def cells(self, entry: Entry) -> dict[str, str]:
        """Return canonical column -> SQL of what the lookup fills; mapped columns are left."""
        made = {self.column: f"{self.alias}.value"}
        if self.column == "cause":
            made |= {
                name: f"{self.alias}.{name.removeprefix('cause_')}"
                for name in ("cause_certainty", "cause_rule")
                if name not in entry.cells
            }
        return made

    @property
    def join(self) -> str:
        """Return the SQL that joins the lookup to the rows."""
        return f"left join {self.alias} on {self.alias}.key = {self.key}"


def code_columns(entry: Entry, writer: CellWriter) -> list[CodeColumns]:
    """Return the lookups that an entry needs; nothing is computed yet."""
    made = []
    for name, key_parts in (("technique", _technique_parts), ("cause", _cause_parts)):
        cell = entry.cells.get(name)
        if cell is not None and cell.code_rule is not None:
            parts = key_parts(cell, cell.code_rule, entry, writer)
            key = f" || '{_BETWEEN}' || ".join(
                f"replace(coalesce({part}, ''), '{_BETWEEN}', ' ')" for part in parts
            )
            alias = f"codes_{entry.number}_{name}"
            made.append(CodeColumns(alias, f"({key})", name, cell.code_rule))
    return made


def fill_lookup(connection: Connection, columns: CodeColumns, rows: str) -> None:
    """Create the lookup of one column, and `<alias>_findings`: key, rule, found, allowed.

    `rows` is the SQL of the rows, without lookups.
    """
    keys = connection.execute(f"select distinct {columns.key} from ({rows}) as made").fetchall()
    verdict_of = _verdict_of(columns)
    verdicts = [(key, verdict_of(key.split(_BETWEEN))) for (key,) in keys]
    _create(
        connection,
        columns.alias,
        "key varchar, value varchar, certainty varchar, rule varchar, levels integer, "
        "out_of_scope boolean",
        [(k, v.value, v.certainty, v.rule, v.levels, v.out_of_scope) for k, v in verdicts],
    )
    _create(
        connection,
        f"{columns.alias}_findings",
        "key varchar, rule varchar, found varchar, allowed varchar",
        [(k, f.rule, f.found, f.allowed) for k, v in verdicts for f in v.findings],
    )


def _create(
    connection: Connection, name: str, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    connection.execute(f"create or replace temp table {name} ({columns})")
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        values = ", ".join(
            f"({', '.join(map(_literal, row))})" for row in rows[start : start + _INSERTED_AT_ONCE]
        )
        connection.execute(f"insert into {name} values {values}")


def _literal(value: object) -> str:
    """Return a value as SQL; an empty text is null, and a key is never empty."""
    if value is None or value == "":
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    return sql_text(str(value))


def _technique_parts(cell: Cell, rule: CodeRule, entry: Entry, writer: CellWriter) -> list[str]:
    given = _given(writer)
    balloon = " or ".join(f"try_cast({given(column)} as double) > 0" for column in rule.balloon)
    return [
        _stated(cell, writer),
        f"case when {balloon} then 'yes' end" if balloon else "''",
        writer.cell(rule.device) if rule.device else "''",
        *(given(column) for column in (*rule.codes, *rule.units)),
    ]


def _cause_parts(cell: Cell, rule: CodeRule, entry: Entry, writer: CellWriter) -> list[str]:
    """Return the parts of the key; age, T-score, steroids and energy are read where mapped."""
    given = _given(writer)

    def mapped(name: str) -> str:
        return writer.cell(entry.cells[name]) if name in entry.cells else "null"

    age, t_score = (f"try_cast({mapped(name)} as double)" for name in ("age_years", "t_score"))
    technique = entry.cells.get("technique")
    procedure_codes = technique.code_rule.codes if technique and technique.code_rule else ()
    return [
        _stated(cell, writer),
        f"case when {age} < 50 then 'under' when {age} >= 50 then 'over' end",
        f"case when {t_score} <= -2.5 then 'yes' end",
        f"case when {mapped('steroid')} = 'yes' then 'yes' end",
        f"case when {mapped('fracture_energy')} in ('low', 'high') "
        f"then {mapped('fracture_energy')} end",
        f"case when {_biopsy(rule.biopsy, writer)} = 'malignant' then 'yes' end"
        if rule.biopsy
        else "''",
        "'yes'" if rule.spine_context else _any_given(procedure_codes, writer),
        *(given(column) for column in (*rule.codes, *rule.nearby, *rule.history)),
    ]


def _stated(cell: Cell, writer: CellWriter) -> str:
    return writer.cell(replace(cell, code_rule=None)) if cell.columns else "''"


def _biopsy(cell: Cell, writer: CellWriter) -> str:
    """Return the SQL of the result of a biopsy, in the words of the treated levels."""
    return replace(writer, table=table_named("treated_levels")).cell(cell)


def _any_given(columns: Sequence[SourceColumn], writer: CellWriter) -> str:
    tests = " or ".join(f"{_given(writer)(column)} is not null" for column in columns)
    return f"case when {tests} then 'yes' end" if tests else "''"


def _given(writer: CellWriter) -> Callable[[SourceColumn], str]:
    return lambda column: writer.given(_GIVEN, column, None)


def _verdict_of(columns: CodeColumns) -> Callable[[list[str]], Verdict]:
    return (
        _technique_verdict(columns.rule)
        if columns.column == "technique"
        else _cause_verdict(columns.rule)
    )


def _technique_verdict(rule: CodeRule) -> Callable[[list[str]], Verdict]:
    def verdict(parts: list[str]) -> Verdict:
        stated, balloon, device, *cells = parts
        codes, units = cells[: len(rule.codes)], cells[len(rule.codes) :]
        counts = [_units(text) for text in units] or [1] * len(codes)
        billed = [
            code
            for cell, count in zip(codes, counts, strict=True)
            for code in codes_in(cell, rule.separator) * count
        ]
        return technique_of(
            TechniqueEvidence(stated.strip(), tuple(billed), balloon == "yes", device)
        )

    return verdict


def _cause_verdict(rule: CodeRule) -> Callable[[list[str]], Verdict]:
    def verdict(parts: list[str]) -> Verdict:
        stated, age, low_density, steroid, energy, biopsy, context, *cells = parts

        def taken(columns: Sequence[SourceColumn]) -> tuple[str, ...]:
            taken_cells = [cells.pop(0) for _ in columns]
            return tuple(code for cell in taken_cells for code in codes_in(cell, rule.separator))

        return cause_of(
            CauseEvidence(
                stated=stated.strip(),
                codes=taken(rule.codes),
                nearby=taken(rule.nearby),
                history=taken(rule.history),
                age_under_50={"under": True, "over": False}.get(age),
                has_low_bone_density=low_density == "yes",
                takes_steroids=steroid == "yes",
                energy=energy,
                biopsy_is_malignant=biopsy == "yes",
                in_spine_context=context == "yes",
            )
        )

    return verdict


def _units(text: str) -> int:
    """Return how often a code was billed; what is no small whole number counts once."""
    try:
        count = int(float(text))
    except ValueError:
        return 1
    return min(max(count, 0), _MOST_UNITS) if text.strip() else 1
