"""Run the rules: one SQL file each, named for the sound state, returning the offending rows."""

import hashlib
import re
from dataclasses import dataclass

from etl.report import SHOWN_LENGTH, ExampleRow, Finding
from etl.staged_file import Files
from warehouse.connection import Connection
from warehouse.source_schema import TABLES
from warehouse.sql_files import header_field, header_of, read_sql, sql_names

EVERY_TABLE = "every table"
PARENT_REFUSED = "parent_refused"
RAGGED = "record_has_the_fields_of_its_header"
_SEVERITIES = ("fatal", "error", "warning")
_EXAMPLES = 5


@dataclass(frozen=True)
class Rule:
    """One rule as its file declares it.

    Attributes
    ----------
    name : str
        File name without suffix: the sound state.
    sentence : str
        What is true of sound records.
    table : str
        The table whose rows it returns, or 'every table'.
    category : str
    severity : {'fatal', 'error', 'warning'}
    statement : str
    """

    name: str
    sentence: str
    table: str
    category: str
    severity: str
    statement: str

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables that the rule is run on."""
        if self.table == EVERY_TABLE:
            return tuple(table.name for table in TABLES)
        return (self.table,)

    def parameters(self, table: str) -> dict[str, str]:
        """Return the parameters of its statement."""
        return {"table_name": table} if self.table == EVERY_TABLE else {}


def read_rules() -> tuple[Rule, ...]:
    """Return every rule in sql/checks, sorted by name."""
    return tuple(_read_rule(name) for name in sql_names("checks"))


def rule_version() -> str:
    """Return what changes when any rule, or what a cell may hold, changes: 12 hex digits."""
    texts = [read_sql(name) for folder in ("checks", "staging") for name in sql_names(folder)]
    texts += [repr((table.name, table.key, table.columns)) for table in TABLES]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def refuse_rows(connection: Connection, rules: tuple[Rule, ...], files: Files) -> None:
    """Fill `refusals` with the rows that an error rule returns, and `out_of_scope`."""
    connection.execute(read_sql("staging/refusals"))
    connection.execute(read_sql("staging/out_of_scope"))
    for rule, table in _runs(rules, files, "error"):
        connection.execute(
            f"""
            insert into refusals
            select '{table}', record_id, '{rule.name}', column_name,
                left(found, {SHOWN_LENGTH}), allowed
            from ({rule.statement})
            where record_id not in (
                select record from out_of_scope where table_name = '{table}'
            )
            """,
            rule.parameters(table),
        )


def refuse_children(connection: Connection, files: Files) -> None:
    """Add to `refusals` the children of refused procedures, then create `excluded`.

    A child follows its procedure, a leak its treated level too, unless another row of the parent
    is accepted. Orphans of records that could not be read follow them.
    """
    connection.execute(read_sql("staging/refused_procedures"))
    for table in (table for table in TABLES[1:] if table.name in files):
        connection.execute(
            f"""
            insert into refusals
            select '{table.name}', record, '{PARENT_REFUSED}', 'procedure_id', '',
                'a procedure that is accepted'
            from stg_{table.name}
            where
                procedure_key in (select procedure_key from refused_procedures)
                and record not in (
                    select record from out_of_scope where table_name = '{table.name}'
                )
            """
        )
    connection.execute(read_sql("staging/refuse_children_of_unread"))
    connection.execute(read_sql("staging/refuse_leaks_of_refused_levels"))
    connection.execute(read_sql("staging/excluded"))


def error_findings(connection: Connection, files: Files) -> list[Finding]:
    """Return one finding per rule and table that refused a row, parents' refusals included."""
    counted = connection.execute(
        "select rule, table_name, count(distinct record) from refusals group by all order by all"
    ).fetchall()
    return [
        Finding(
            rule,
            "error",
            table,
            count,
            files[table].records,
            _examples(
                connection,
                "select record, column_name, found, allowed from refusals "
                "where rule = $rule and table_name = $table_name",
                {"rule": rule, "table_name": table},
                files,
            ),
        )
        for rule, table, count in counted
    ]


def other_findings(
    connection: Connection, rules: tuple[Rule, ...], files: Files, severity: str
) -> list[Finding]:
    """Return the findings of the fatal rules or of the warnings, over rows that are not refused."""
    findings = []
    for rule, table in _runs(rules, files, severity):
        connection.execute(
            f"""
            create or replace temp table hits as
            select record_id as record, column_name, found, allowed
            from ({rule.statement})
            where record_id not in (select record from excluded where table_name = '{table}')
            """,
            rule.parameters(table),
        )
        [(count,)] = connection.execute("select count(distinct record) from hits").fetchall()
        if count:
            examples = _examples(connection, "from hits", {"table_name": table}, files)
            of = files[table].records
            findings.append(Finding(rule.name, severity, table, count, of, examples))
    return findings


def ragged_findings(files: Files) -> list[Finding]:
    """Return one finding per file with records that could not be read."""
    return [
        Finding(
            RAGGED,
            "error",
            table,
            len(file.ragged),
            file.records,
            tuple(
                ExampleRow(
                    record.record,
                    record.line,
                    "",
                    f"{record.found_fields} fields",
                    f"{record.expected_fields} fields",
                )
                for record in file.ragged[:_EXAMPLES]
            ),
        )
        for table, file in files.items()
        if file.ragged
    ]


def without_empty_fraction(text: str) -> str:
    """Return a text with its numbers as people write them: 44, not 44.0."""
    return re.sub(r"(?<=\d)\.0(?![\d.])", "", text)


def _runs(rules: tuple[Rule, ...], files: Files, severity: str) -> list[tuple[Rule, str]]:
    return [
        (rule, table)
        for rule in rules
        if rule.severity == severity
        for table in rule.tables
        if table in files
    ]


def _examples(
    connection: Connection, rows: str, parameters: dict[str, str], files: Files
) -> tuple[ExampleRow, ...]:
    table = parameters["table_name"]
    needed = {name: value for name, value in parameters.items() if f"${name}" in rows}
    found = connection.execute(
        f"select record, column_name, found, allowed from ({rows}) "
        f"order by record, column_name limit {_EXAMPLES}",
        needed,
    ).fetchall()
    examples = []
    for sound_record, column, value, allowed in found:
        record = files[table].record_of(sound_record)
        shown = without_empty_fraction(value or "")[:SHOWN_LENGTH]
        line = files[table].line_of(record)
        origin = files[table].origin_of(record, column)
        examples.append(
            ExampleRow(record, line, column, shown, without_empty_fraction(allowed), origin)
        )
    return tuple(examples)


def _read_rule(path: str) -> Rule:
    text = read_sql(path)
    name = path.removeprefix("checks/")
    rule = Rule(
        name=name,
        sentence=header_of(text).splitlines()[0],
        table=header_field(text, "Table"),
        category=header_field(text, "Category"),
        severity=header_field(text, "Severity"),
        statement=text,
    )
    known = {EVERY_TABLE, *(table.name for table in TABLES)}
    if rule.table not in known or rule.severity not in _SEVERITIES:
        raise ValueError(f"the header of rule {name} lacks a known table or severity")
    return rule
