"""Propose a mapping from names, values and codes; a person settles it, and load follows it only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etl.deidentification import is_identifying_header
from etl.identifier_names import DATE
from etl.mapping.codes import codes_in, values_of
from etl.mapping.profiles import ColumnProfile, profile
from etl.mapping.proposed_lines import ProposedLine, known_share, propose_cell, quoted
from etl.mapping.synonyms import columns_called, instrument_and_visit, plain_name, synonyms
from etl.sources.text_table import TextTable
from warehouse.columns import Table
from warehouse.connection import open_for_building
from warehouse.source_schema import TABLES, table_named

_MONTH = "procedure_month"
_PAINS = ("pain_nrs", "pain_vas")
_OF_PROCEDURE = {"op", "operation", "procedure", "surgery", "treatment"}
_CODE_SEPARATORS = (";", "|", ",")
_TELLING = {
    "procedures": ("technique", "cause", "age_years", "sex", "asa_class", "procedure_year"),
    "treated_levels": ("level",),
    "leaks": ("route",),
    "assessments": ("score",),
    "complications": ("type",),
}
"""Canonical table -> columns that tell that a table of the source is about it."""


@dataclass
class Proposal:
    """A proposed mapping.

    Attributes
    ----------
    text : str
        The TOML file.
    counts : dict of str to int
        Confidence -> lines.
    identifying : dict of str to dict of str to str
        Table -> column -> kind of identifier; none of them is used.
    """

    text: str
    counts: dict[str, int]
    identifying: dict[str, dict[str, str]]


@dataclass
class _Draft:
    """A table of the source while lines for it are looked for."""

    table: TextTable
    columns: list[ColumnProfile]
    used: set[str] = field(default_factory=set)

    @property
    def usable(self) -> list[ColumnProfile]:
        return [column for column in self.columns if not column.identifies]

    def called(self, table: str, name: str) -> ColumnProfile | None:
        """Return the column whose name stands for a canonical column.

        Its own name first; then, of words, the column of which most values are known.
        """
        meant = table_named(table).column(name)
        found = [c for c in self.usable if (table, name) in columns_called(c.name)]
        own = [column for column in found if column.name == name]
        if own or not found or meant is None or meant.kind != "word":
            return next(iter(own or found), None)
        return max(found, key=lambda column: known_share(meant, column.values))

    @property
    def names(self) -> set[str]:
        return set(self.table.header)

    def highest(self, names: set[str]) -> float:
        """Return the highest number in some columns."""
        return max((column.high or 0 for column in self.columns if column.name in names), default=0)

    def date_of_procedure(self) -> str | None:
        """Return the column of dates whose name speaks of the procedure."""
        for column in self.columns:
            if column.identifies == DATE and _OF_PROCEDURE & set(plain_name(column.name).split()):
                return column.name
        return None

    def fills(self, table: str) -> bool:
        """Return whether the table is about a canonical table."""
        if table == "assessments" and wide_columns(self.usable):
            return True
        return any(self.called(table, name) for name in _TELLING[table])


def propose(tables: Sequence[TextTable]) -> Proposal:
    """Return a mapping of `tables`, each line with its confidence and the reason.

    Lines marked 'ask' are comments, and `reviewed = false` keeps load from following the rest
    until a person has settled them. No value of a column that identifies is looked at.
    """
    with open_for_building(None) as connection:
        drafts = [_Draft(table, profile(connection, table)) for table in tables]
    blocks: list[str] = []
    lines: list[ProposedLine] = []
    for canonical in TABLES:
        for draft in _chosen(canonical.name, drafts):
            made = _block(canonical, draft)
            lines += made
            several = len(_chosen(canonical.name, drafts)) > 1
            blocks.append(_written_block(canonical.name, draft, made, several))
    identifying = {
        draft.table.name: {c.name: c.identifies for c in draft.columns if c.identifies}
        for draft in drafts
    }
    counts = {
        word: sum(line.confidence == word for line in lines) for word in ("high", "likely", "ask")
    }
    parts = [_head(counts), _visits(drafts), *blocks, *map(_left_over, drafts)]
    return Proposal("\n".join(part for part in parts if part), counts, identifying)


def wide_columns(columns: Iterable[ColumnProfile]) -> dict[str, list[tuple[str, str, str]]]:
    """Return instrument -> column, visit and usual day of columns such as pain_6w."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for column in columns:
        told = instrument_and_visit(column.name)
        if told:
            instrument, visit, day = told
            found.setdefault(instrument, []).append((column.name, visit, day))
    return found


def _chosen(canonical: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Return the tables that fill a canonical one; only one of them holds the procedures."""
    named = [draft for draft in drafts if draft.table.name == canonical]
    if named:
        return named
    others = [d for d in drafts if d.table.name not in _TELLING and d.fills(canonical)]
    if canonical != "procedures":
        return others
    return sorted(
        others, key=lambda d: -sum(bool(d.called(canonical, n)) for n in _TELLING[canonical])
    )[:1]


def _block(canonical: Table, draft: _Draft) -> list[ProposedLine]:
    """Return the lines of one block's columns."""
    if draft.table.name == canonical.name and set(canonical.required_columns) <= draft.names:
        return _same_lines(canonical, draft)
    lines = []
    wide = wide_columns(draft.usable) if canonical.name == "assessments" else {}
    codes = _code_lines(draft) if canonical.name == "procedures" else {}
    for column in canonical.columns:
        if wide and column.name != "procedure_id":
            continue
        source = draft.called(canonical.name, column.name)
        if source is None and column.name == "procedure_id":
            source = draft.called("procedures", column.name)
        if column.name in codes:
            lines.append(codes[column.name])
        elif column.name == "days" and source is not None and source.low is None:
            lines.append(_visit_line(draft, source))
        elif source is not None:
            draft.used.add(source.name)
            lines.append(propose_cell(column, source))
        elif column.required:
            lines.append(_unfound(canonical, draft, column.name))
    return lines + _wide_lines(draft, wide)


def _same_lines(canonical: Table, draft: _Draft) -> list[ProposedLine]:
    """Return the lines of a table that is canonical already, one to one."""
    same = [column for column in draft.columns if column.name in canonical.column_names]
    draft.used |= {column.name for column in same}
    return [
        ProposedLine(f"{column.name} = {quoted(column.name)}", "high", "canonical already")
        for column in same
        if column.given or column.name != _MONTH
    ]


def _unfound(canonical: Table, draft: _Draft, name: str) -> ProposedLine:
    if name == "procedure_id" and (patient := draft.called("procedures", "patient_id")):
        return _patient_as_procedure(canonical, draft, patient)
    if name == "procedure_year" and (date := draft.date_of_procedure()):
        text = f'{name} = {{ column = {quoted(date)}, format = "?", part = "year" }}'
        return ProposedLine(text, "ask", "the format of a date is never guessed")
    if name in ("site_id", "instrument"):
        return ProposedLine(f'{name} = {{ value = "?" }}', "ask", "no column was found")
    return ProposedLine(f'{name} = "?"', "ask", "required, and no column was found")


def _patient_as_procedure(canonical: Table, draft: _Draft, patient: ColumnProfile) -> ProposedLine:
    draft.used.add(patient.name)
    text = f"procedure_id = {quoted(patient.name)}"
    if canonical.name != "procedures":
        return ProposedLine(text, "ask", "no procedure number was found; is it that of procedures?")
    if patient.distinct == patient.given == draft.table.records:
        return ProposedLine(text, "likely", "no procedure number was found; this one never repeats")
    return ProposedLine(text, "ask", "no procedure number was found, and this one repeats")


def _visit_line(draft: _Draft, source: ColumnProfile) -> ProposedLine:
    draft.used.add(source.name)
    return ProposedLine(
        f"days = {{ visit = {quoted(source.name)} }}", "likely", "its days stand in [visits]"
    )


def _wide_lines(draft: _Draft, wide: dict[str, list[tuple[str, str, str]]]) -> list[ProposedLine]:
    lines = []
    for instrument, columns in wide.items():
        names = {name for name, _, _ in columns}
        draft.used |= names
        pairs = ", ".join(f"{quoted(name)} = {quoted(visit)}" for name, visit, _ in columns)
        scale: tuple[str, ...] = ()
        if instrument in _PAINS and draft.highest(names) > 10:
            instrument = "pain_vas"
            scale = ('scale = "0-100 -> 0-10"  # likely: numbers above 10',)
        if instrument == "odi":
            scale = ('# ask: scale = "percent"  # or "raw 0-50"',)
        below = (f"instrument = {quoted(instrument)}", f"columns = {{ {pairs} }}", *scale)
        reason = "names of an instrument and a visit"
        lines.append(ProposedLine("[[assessments.wide]]", "likely", reason, below))
    return lines


def _code_lines(draft: _Draft) -> dict[str, ProposedLine]:
    """Return technique and cause as codes give them, where columns of codes are found."""
    lines = {}
    for name, fields in (
        ("technique", ("technique", "technique_component", "technique_device")),
        ("cause", ("cause", "cause_support")),
    ):
        found = [(c, s) for c in draft.usable if (s := _separator(c, fields)) is not None]
        if not found:
            continue
        draft.used |= {column.name for column, _ in found}
        separator = next((s for _, s in found if s), "")
        codes = ", ".join(quoted(column.name) for column, _ in found)
        parted = f", code_separator = {quoted(separator)}" if separator else ""
        field_of = draft.called("procedures", name)
        by_codes = field_of is None or field_of in [column for column, _ in found]
        if by_codes:
            text = f"{name} = {{ codes = [{codes}]{parted} }}"
            lines[name] = ProposedLine(text, "likely", "most of the values are such codes")
    return lines


def _separator(column: ColumnProfile, fields: Sequence[str]) -> str | None:
    """Return what parts the codes of a column, '' where nothing does; None if it has no codes."""

    def known(separator: str) -> int:
        return sum(
            any(values_of(code, name) for code in codes_in(value, separator) for name in fields)
            for value in column.values
        )

    def is_held(separator: str) -> bool:
        return separator != "" and any(separator in value for value in column.values)

    best = max(("", *_CODE_SEPARATORS), key=lambda one: (known(one), is_held(one)))
    return best if column.values and 2 * known(best) >= len(column.values) else None


def _written_block(
    canonical: str, draft: _Draft, lines: Sequence[ProposedLine], several: bool
) -> str:
    heading = f"[[{canonical}]]" if several else f"[{canonical}]"
    return "\n".join(
        [
            f"\n{heading}",
            f"source = {quoted(draft.table.name)}",
            f"[{canonical}.columns]",
            *(line.written() for line in lines),
        ]
    )


def _head(counts: dict[str, int]) -> str:
    is_settled = not counts["ask"] and not counts["likely"]
    return (
        "# Proposed from names, values and codes. Settle the lines marked 'ask' (remove '# ask: ' "
        "from\n# those that are right, correct or delete the others), look at the rest, and write\n"
        "# reviewed = true.\n"
        f'mapping = 1\nreviewed = {str(is_settled).lower()}\nprivacy_mode = "safe_harbor"'
    )


def _visits(drafts: Sequence[_Draft]) -> str:
    """Return the table of visits that the proposed lines name."""
    days: dict[str, str] = {}
    for draft in drafts:
        for columns in wide_columns(draft.usable).values():
            days |= {visit: day for _, visit, day in columns}
        source = draft.called("assessments", "days")
        if source is not None and source.low is None and draft.fills("assessments"):
            known = synonyms().visits
            plain = {value: plain_name(value).replace(" ", "") for value in source.values}
            days |= {value: known.get(name, "") for value, name in plain.items()}
    lines = [
        f"{quoted(visit)} = {day}  # likely: usual for this name"
        if day
        else f"# ask: {quoted(visit)} = ?  # days since the procedure"
        for visit, day in days.items()
    ]
    return "\n".join(["\n[visits]", *lines]) if lines else ""


def _left_over(draft: _Draft) -> str:
    """Return what is dropped, as a comment: columns that identify, and those that say nothing."""
    lines = [
        f"# Dropped, because it identifies: {shown_name(column.name)} ({column.identifies})"
        for column in draft.columns
        if column.identifies
    ]
    unused = [c.name for c in draft.usable if c.name not in draft.used]
    lines += [f"# Not used: {shown_name(name)}" for name in unused]
    return "\n".join([f"\n# {draft.table.title}", *lines]) if lines else ""


def shown_name(name: str) -> str:
    """Return a column's name, unless it is an identifier: of a file without header, for example."""
    return "a column with an identifying name" if is_identifying_header(name) else quoted(name)
