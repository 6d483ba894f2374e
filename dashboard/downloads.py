"""Files that leave the screen: written by the same code as `vertebra report`."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.cohort import Cohort
from dashboard.loaders import snapshot_id, warehouse_path

OLDEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Every entry carries it, so that the same records give the same bytes."""


def table_csv(outcome: str, cohort: Cohort) -> bytes:
    """Return one outcome's measures as CSV for audience outside: small counts withheld."""
    from analysis.outcomes import outcome_of
    from reports.pack import count_pack
    from reports.tables import measures_csv

    pack = count_pack(warehouse_path(), cohort, "outside", outcomes=(outcome_of(outcome),))
    return measures_csv(pack.measures)


def pack_zip(cohort: Cohort, formats: tuple[str, ...], audience: str) -> bytes:
    """Return the export pack of a cohort as one zip file."""
    from reports.pack import write_pack

    held = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(held, "w") as archive:
        for path in write_pack(warehouse_path(), cohort, formats, audience, Path(folder)):
            entry = zipfile.ZipInfo(path.name, OLDEST_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return held.getvalue()


def file_name(subject: str, cohort: Cohort, ending: str) -> str:
    """Return a file name that carries the period and the snapshot."""
    period = f"{cohort.year_from or 'first'}-{cohort.year_to or 'latest'}"
    return f"{subject}_{period}_{snapshot_id()}.{ending}"
