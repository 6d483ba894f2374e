"""De-identify an export: read, map, replace, look again, and only then let anything out.

What identifies lies in the folder of the crosswalk while this runs; beside the output lie only
records that are de-identified, under another name until all of them are there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.anonymity import AnonymityReport, anonymity_report
from etl.deidentification import find_identifiers, refuse_identifiers
from etl.deidentify.canonical_mapping import canonical_mapping
from etl.deidentify.counting import columns_done, left_out_records, noticed, tables_done
from etl.deidentify.crosswalk import read_crosswalk, write_crosswalk
from etl.deidentify.places import building_folder, check_places, hold_crosswalk
from etl.deidentify.records import assign_surrogates, clean, columns_of, leave_out, take_records
from etl.deidentify.report import DeidentificationReport, LeftOut, TableDone, left_out_in_words
from etl.mapping.building import MappedTable, map_tables
from etl.mapping.dates import FORMAT_FORM, is_date_format
from etl.mapping.declaration import Mapping
from etl.mapping.reading import read_mapping
from etl.mapping.reading_source import read_mapped_source
from etl.sources.any_source import AnySource, read_source
from etl.sources.text_table import TextTable
from etl.steps import reach
from warehouse.connection import Connection, open_for_building
from warehouse.errors import LoadRefused, SourceUnreadable

REPORT_NAME = "deidentification.json"


@dataclass(frozen=True)
class Order:
    """What is to be de-identified, and how.

    Attributes
    ----------
    sources : tuple of Path
        Files or folders of the identified export; left as they are.
    out : Path
        Folder for the de-identified files; must not exist, or be empty.
    crosswalk : Path
        File outside `out`; made, or used again and added to.
    mapping : Path or None
        Says what the tables of the source mean; without, they must be named and laid out as the
        canonical ones, with dates in place of days where there are any.
    date_format, day_zero : str
        Of tables without mapping; see `canonical_mapping`.
    max_refused : float
        Share of a table's records, 0 to 1, that may be left out.
    """

    sources: tuple[Path, ...]
    out: Path
    crosswalk: Path
    mapping: Path | None = None
    date_format: str = "YYYY-MM-DD"
    day_zero: str = "unknown"
    max_refused: float = 0.05


def deidentify(order: Order) -> DeidentificationReport:
    """Write canonical, de-identified files to a new folder and return what was done.

    Raises
    ------
    SourceUnreadable
        If the source, the mapping or the crosswalk cannot be read, or a place cannot be used (2).
    IdentifiersFound
        If something in the result still looks identifying (3).
    LoadRefused
        If more records than allowed would be left out (4).
    WarehouseUnavailable
        If another process uses the crosswalk (5).

    After each of these `order.out` is what it was.
    """
    check_places(order.out, order.crosswalk)
    if not is_date_format(order.date_format):
        raise SourceUnreadable(
            f"'{order.date_format}' is not a date format\n  Allowed: {FORMAT_FORM}."
        )
    with (
        hold_crosswalk(order.crosswalk),
        building_folder(order.crosswalk, 0o700) as workspace,
        building_folder(order.out, 0o755) as building,
    ):
        source, mapping = _read(order, workspace)
        with open_for_building(workspace / "identified.duckdb") as connection:
            report = _deidentify(connection, order, source, mapping, building)
        if order.out.is_dir():
            order.out.rmdir()
        building.replace(order.out)
        return report


def _deidentify(
    connection: Connection, order: Order, source: AnySource, mapping: Mapping, building: Path
) -> DeidentificationReport:
    tables = source.tables
    mapped = _map(connection, order, tables, mapping)
    _check_procedures(mapped, mapping)
    take_records(connection, mapping, mapped)
    leave_out(connection, mapped)
    done = tables_done(connection, mapping, mapped, tables)
    left_out = left_out_records(connection, mapping, mapped, tables)
    _check_share(done, left_out, order.max_refused)
    reach("deidentify_read")
    crosswalk = read_crosswalk(order.crosswalk)
    surrogates = assign_surrogates(connection, mapped, crosswalk)
    for table in mapped:
        clean(connection, table)
        _look_again(connection, table)
    report = DeidentificationReport(
        done,
        columns_done(connection, mapping, mapped, tables),
        left_out,
        noticed(connection, source),
        surrogates,
        _gauge(connection, mapped),
    )
    write_crosswalk(order.crosswalk, crosswalk)
    reach("deidentify_crosswalk")
    _write(connection, mapped, report, building)
    return report


def _map(
    connection: Connection, order: Order, tables: Sequence[TextTable], mapping: Mapping
) -> tuple[MappedTable, ...]:
    """Map the tables; nobody wrote the mapping of canonical ones, so no line of it is named."""
    try:
        return map_tables(connection, mapping, tables)
    except SourceUnreadable as error:
        if order.mapping is not None:
            raise
        reason = str(error).splitlines()[0].partition(": ")[2]
        raise SourceUnreadable(
            f"{reason}\n  Correct the source, or say with --mapping what it means."
        ) from None


def _write(
    connection: Connection,
    mapped: Sequence[MappedTable],
    report: DeidentificationReport,
    folder: Path,
) -> None:
    """Write all files to a folder that nobody looks into yet."""
    for table in mapped:
        path = str(folder / f"{table.table}.csv").replace("'", "''")
        connection.execute(
            f"copy clean_{table.table} to '{path}' (format csv, header, delimiter ',')"
        )
        reach(f"deidentify_{table.table}")
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n"
    (folder / REPORT_NAME).write_text(text, encoding="utf-8", newline="\n")
    reach("deidentify_written")


def _read(order: Order, workspace: Path) -> tuple[AnySource, Mapping]:
    """Read the source, and the mapping or what stands for it."""
    if order.mapping is not None:
        declared = read_mapping(order.mapping)
        return read_mapped_source(order.sources, declared, workspace=workspace), declared
    source = read_source(order.sources, workspace=workspace)
    declared = canonical_mapping(
        source.tables, date_format=order.date_format, day_zero=order.day_zero
    )
    return source, declared


def _check_procedures(mapped: Sequence[MappedTable], mapping: Mapping) -> None:
    if not any(table.table == "procedures" for table in mapped):
        raise SourceUnreadable(
            f"{mapping.file}: it maps no procedures\n"
            "  Needed: [procedures]; all other records belong to one."
        )


def _check_share(
    tables: dict[str, TableDone], left_out: tuple[LeftOut, ...], max_refused: float
) -> None:
    """Refuse to go on where more records of a table would be left out than are allowed."""
    wide = [
        f"{name}: {done.own_faults:,} of {done.read:,} records would be left out "
        f"({done.own_faults / done.read:.1%}, allowed {max_refused:.1%})"
        for name, done in tables.items()
        if done.read and done.own_faults / done.read > max_refused
    ]
    if not tables["procedures"].written:
        wide.append("procedures: no record is left to write")
    if wide:
        raise LoadRefused(
            "\n".join([*wide, *left_out_in_words(left_out)])
            + "\n  Nothing was written. Correct the source, or allow more with --max-refused."
        )


def _look_again(connection: Connection, table: MappedTable) -> None:
    """Let the identifier gate look at every cell that is to be written."""
    columns = [column.name for column in columns_of(table)]
    findings = find_identifiers(
        connection, f"clean_{table.table}", columns, privacy_mode="safe_harbor"
    )
    refuse_identifiers(f"De-identified {table.table}", findings)


def _gauge(connection: Connection, mapped: Sequence[MappedTable]) -> AnonymityReport:
    """Return the k-anonymity of what is written."""
    wanted = {
        "procedures": ["age_years", "sex", "procedure_year", "procedure_month", "site_id",
                       "surgeon_id", "cause", "technique", "death_days"],
        "treated_levels": ["level"],
    }  # fmt: skip
    keys = {"procedures": "procedure_id as procedure_key, patient_id as patient_key",
            "treated_levels": "procedure_id as procedure_key"}  # fmt: skip
    has = {table.table: [column.name for column in columns_of(table)] for table in mapped}
    for name, columns in wanted.items():
        chosen = ", ".join(
            c if c in has.get(name, ()) else f"null::varchar as {c}" for c in columns
        )
        source = (
            f"select {keys[name]}, {chosen} from clean_{name}"
            if name in has
            else f"select null::varchar as procedure_key, {chosen} where false"
        )
        connection.execute(f"create temp view gauged_{name}_text as {source}")
    return anonymity_report(
        connection,
        procedures="gauged_procedures_text",
        treated_levels="gauged_treated_levels_text",
    )
