"""A log beside the snapshots: what was loaded when, in counts, without any value."""

from datetime import datetime
from pathlib import Path

from etl.report import LoadReport
from warehouse.snapshot import snapshot_folder

_LARGEST = 1_000_000


def write_log_line(warehouse: Path, moment: datetime, words: str) -> None:
    """Append one line to `<warehouse>.d/load.log`; a full log becomes `load.log.1`."""
    path = snapshot_folder(warehouse) / "load.log"
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_name("load.log.1"))
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{moment.isoformat(timespec='seconds')} {words}\n")


def report_in_a_line(report: LoadReport) -> str:
    """Say what a load did in counts."""
    tables = "; ".join(
        f"{name} read {n.read} loaded {n.loaded} updated {n.updated} quarantined {n.quarantined}"
        for name, n in report.tables.items()
        if n.read
    )
    return f"load {report.load_id} {report.status} {report.snapshot}: {tables}"
