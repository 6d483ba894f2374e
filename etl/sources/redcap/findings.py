"""What an export leaves to be settled, and what makes it unreadable by its dictionary."""

from collections.abc import Collection, Iterable, Iterator

from etl.sources.delimited import DelimitedFile
from etl.sources.redcap.cells import ColumnReader, Fit
from etl.sources.redcap.dictionary import Dictionary
from etl.sources.redcap.form_records import FormReader
from etl.sources.redcap.layout import EXPORT_RAW, Layout
from etl.sources.redcap.split import SplitExport
from etl.sources.source_finding import SourceFinding
from warehouse.errors import IdentifiersFound, SourceUnreadable


def check_record_id(dictionary: Dictionary, kept: Collection[str]) -> None:
    """Raise IdentifiersFound where the field that names a record identifies and is not kept."""
    record_id = dictionary.record_id
    if record_id.is_identifier and record_id.name not in kept:
        raise IdentifiersFound(
            f"{dictionary.path.name}: field {record_id.name!r}, which names a record, is an "
            "identifier\n  De-identify the export before it is loaded: every other form refers "
            "to this field, so it cannot be left out."
        )


def check_values(file: DelimitedFile, readers: Iterable[FormReader]) -> None:
    """Raise SourceUnreadable where a column holds labels, or dates that were respelt."""
    for name, column in _columns_of(readers):
        coded = column.fits[Fit.SOUND] + column.fits[Fit.MISSING_CHOICE]
        if column.fits[Fit.LABEL] and not coded:
            raise SourceUnreadable(
                f"{file.path.name}, column {name!r}: holds labels of choices, not their codes\n"
                f"  {EXPORT_RAW}"
            )
        if column.fits[Fit.RESPELT_DATE]:
            line = file.line_of(file.record_of(column.first_record[Fit.RESPELT_DATE]))
            raise SourceUnreadable(
                f"{file.path.name}, line {line}, column {name!r}: a date that is not written "
                f"as 2014-01-31 ({column.fits[Fit.RESPELT_DATE]:,} in this column)\n"
                "  REDCap exports every date so, whatever its validation; a spreadsheet may have "
                f"respelt them. {EXPORT_RAW} Do not save it from a spreadsheet."
            )


def findings_of(
    file: DelimitedFile, layout: Layout, split: SplitExport
) -> tuple[SourceFinding, ...]:
    """Return what there is to settle: about columns, then forms, then values."""
    return (
        *_findings_of_columns(file, layout),
        *_findings_of_forms(file, layout, split),
        *(finding for reader in split.readers for finding in _findings_of_values(reader)),
    )


def _findings_of_columns(file: DelimitedFile, layout: Layout) -> Iterator[SourceFinding]:
    for name in layout.unknown_columns:
        yield SourceFinding(
            "column_not_in_dictionary", "warning", "", name, 1, len(file.header),
            "The dictionary has no such field, so the column is in no table. Download the "
            "dictionary again if the field is new.",
        )  # fmt: skip
    for form in layout.forms:
        for name in form.lacking:
            yield SourceFinding(
                "field_not_in_export", "warning", form.form, name, 1, len(form.columns) + 1,
                "The export lacks this field of the dictionary. Export all fields if it is needed.",
            )  # fmt: skip
    for name, reason in layout.dropped.items():
        yield SourceFinding(
            "column_dropped", "note", "", name, 1, len(file.header), f"In no table: {reason}."
        )


def _findings_of_forms(
    file: DelimitedFile, layout: Layout, split: SplitExport
) -> Iterator[SourceFinding]:
    for reader in split.readers:
        form, seen = reader.layout.form, reader.records + reader.not_filled
        if reader.not_filled and form not in split.repeating:
            yield SourceFinding(
                "form_not_filled", "note", form, "", reader.not_filled, seen,
                "Records in which nobody filled the form in; they are in no table.",
            )  # fmt: skip
        if split.stray[form]:
            yield SourceFinding(
                "cells_outside_their_form", "warning", form, "", split.stray[form], file.records,
                "Records of another, repeating form that hold cells of this one, which were "
                "left out. Export the project again.",
            )  # fmt: skip
        for name, count in reader.not_asked.items():
            if count:
                yield SourceFinding(
                    "checkbox_may_not_have_been_asked", "note", form, name, count, reader.records,
                    "No box is ticked and nothing says that the question was asked: missing, "
                    "not no.",
                )  # fmt: skip
        free = [c.name for c in reader.layout.columns if c.field.is_free_text]
        for name in free:
            yield SourceFinding(
                "free_text", "warning", form, name, 1, len(reader.layout.columns),
                "Anything may stand in this field, identifiers among it.",
            )  # fmt: skip


def _findings_of_values(reader: FormReader) -> Iterator[SourceFinding]:
    form = reader.layout.form
    for name, column in _columns_of([reader]):
        filled = sum(column.fits.values())
        for code, count in column.missing.items():
            yield _missing_code(form, name, column, code, (count, filled))
        for fit, rule, allowed in (
            (Fit.LABEL, "label_among_codes", "codes of its choices"),
            (Fit.MISFIT, "value_not_of_type", _allowed_in(column)),
        ):
            if column.fits[fit]:
                yield SourceFinding(
                    rule, "error", form, name, column.fits[fit], filled,
                    f"Left as they stand. Allowed: {allowed}.",
                )  # fmt: skip


def _missing_code(
    form: str, name: str, column: ColumnReader, code: str, counts: tuple[int, int]
) -> SourceFinding:
    label = column.field.choices.get(code)
    said = f"{code} = {label}" if label else f"{code} is made like a missing data code"
    rule = "choice_reads_as_missing" if label else "missing_data_code"
    note = (
        f"{said}. It stays a value until a mapping declares it missing: "
        f'column {name}, missing = ["{code}"].'
    )
    return SourceFinding(rule, "warning", form, name, *counts, note)


def _allowed_in(column: ColumnReader) -> str:
    field = column.field
    if field.choices:
        return "codes of its choices"
    return field.validation or field.field_type


def _columns_of(readers: Iterable[FormReader]) -> Iterator[tuple[str, ColumnReader]]:
    for reader in readers:
        for column, cells in zip(reader.layout.columns, reader.columns, strict=True):
            yield column.name, cells
