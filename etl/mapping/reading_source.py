"""Read the source that a mapping is for, as the mapping declares it is written."""

from collections.abc import Iterable
from pathlib import Path

from etl.mapping.declaration import Mapping
from etl.mapping.reading import UNDATED
from etl.sources.any_source import AnySource, Dialect, Reading, read_source


def read_mapped_source(paths: Iterable[Path], mapping: Mapping, *, workspace: Path) -> AnySource:
    """Read the tables of a source with the dialects and event days that its mapping declares.

    Raises
    ------
    SourceUnreadable
        As `read_source`.
    """
    dialects = {
        source.table: Dialect(source.delimiter, source.encoding)
        for source in mapping.sources.values()
    }
    days = {visit: float(day) if day else UNDATED for visit, day in mapping.visits.items()}
    return read_source(paths, workspace=workspace, reading=Reading(dialects, days))
