"""Vocabulary files as Athena exports them: tabs between fields, and quotes that mean nothing."""

from pathlib import Path

from etl.sources.omop.cdm_table import CdmTable, literal
from warehouse.errors import SourceUnreadable

_FIRST_FIELDS = (b"concept_id\t", b"concept_id_1\t")


def is_vocabulary_export(path: Path) -> bool:
    """Return whether a file is made like Athena's."""
    with path.open("rb") as stream:
        return stream.read(64).removeprefix(b"\xef\xbb\xbf").lower().startswith(_FIRST_FIELDS)


def read_vocabulary_file(path: Path, name: str) -> CdmTable:
    """Count the fields of every line, and return the table.

    Raises
    ------
    SourceUnreadable
        If a line has more or fewer fields than the header: a vocabulary is taken whole.
    """
    with path.open("rb") as stream:
        header = stream.readline().removeprefix(b"\xef\xbb\xbf").decode().rstrip("\r\n").split("\t")
        tabs, records = len(header) - 1, 0
        for records, line in enumerate(stream, start=1):
            if (found := line.count(b"\t")) != tabs:
                raise SourceUnreadable(
                    f"{path.name}, line {records + 1}: {found + 1} fields, the header has "
                    f"{tabs + 1}\n  Download the vocabulary again."
                )
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in header)
    return CdmTable(
        name=name,
        origin=path,
        title=path.name,
        columns={column.strip().lower(): column for column in header},
        types={column.strip().lower(): "VARCHAR" for column in header},
        relation=(
            f"read_csv({literal(path)}, columns = {{{types}}}, delim = '\t', quote = '', "
            "escape = '', header = true, auto_detect = false, nullstr = [''])"
        ),
        record="row_number() over ()",
        records=records,
        is_counted=True,
        place_word="line",
        place_of=lambda record: record + 1,
    )
