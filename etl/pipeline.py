"""From source files to the published warehouse: the steps in reading order.

A load works in a folder of its own and publishes by swapping one pointer, so that a reader sees
the warehouse of before or of after, and a load killed at any moment leaves the one of before.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from etl.gate import check_identifiers
from etl.group_sizes import as_finding, group_sizes
from etl.history import History, Outcome, open_history
from etl.intake import Intake, open_intake
from etl.keys import assign_keys, empty_prior, find_repeated_rows, show_known_rows, show_prior
from etl.lock import hold_lock
from etl.log_file import report_in_a_line, write_log_line
from etl.publish import (
    SnapshotFacts,
    build_snapshot,
    build_version,
    publish,
    published_build_version,
    remove_leftovers,
    remove_old_snapshots,
)
from etl.quarantine import write_quarantine
from etl.removal import REMOVED, keep_published, remove_absent
from etl.report import Finding, LoadReport, TableCounts
from etl.stage import find_bad_cells, show_unusual_cells
from etl.staged_file import Files
from etl.steps import Progress, reach
from etl.threshold import judged_shares, refusal
from etl.upsert import find_changes, find_differences
from etl.validate import (
    error_findings,
    other_findings,
    ragged_findings,
    read_rules,
    refuse_children,
    refuse_rows,
    rule_version,
)
from etl.workspace import check_disk, make_workspace
from warehouse.connection import Connection, open_for_building
from warehouse.errors import LoadRefused, VertebraError, WarehouseUnavailable
from warehouse.settings import Settings
from warehouse.snapshot import open_snapshot, read_pointer, snapshot_folder
from warehouse.source_schema import SCHEMA_VERSION, TABLES
from warehouse.sql_files import read_sql

_MEMORY_ONCE_READ = "1150MB"
"""Less than reading may use: what it has used is not all given back when the checks begin."""

Clock = Callable[[], datetime]


class LoadStopped(LoadRefused):
    """A load that was refused for its findings; `report` says what was found."""

    def __init__(self, message: str, report: LoadReport) -> None:
        super().__init__(message)
        self.report = report


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def load(
    sources: list[Path],
    settings: Settings,
    *,
    mapping: Path | None = None,
    is_complete: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    clock: Clock = utc_now,
) -> LoadReport:
    """Check the sources and publish them as a new snapshot of the warehouse.

    Parameters
    ----------
    sources : list of Path
        Folders or files: of canonical tables, or of any tables with a mapping.
    settings : Settings
    mapping : Path, optional
        Says what the tables of the sources mean; without, they must be canonical.
    is_complete : bool
        True where the sources hold every record: published ones that they lack are removed.
    dry_run : bool
        True to stop before a snapshot is written; quarantine and findings are written all the same.
    progress : callable, optional
        Called with words and the share that is done.
    clock : callable
        Returns the present time in UTC.

    Raises
    ------
    SourceUnreadable
        If a source cannot be read as declared (exit code 2).
    IdentifiersFound
        If something identifying stands in a source; nothing of it is kept (3).
    LoadStopped
        If a finding is fatal or too many rows are refused (4); carries the report.
    WarehouseUnavailable
        If the warehouse is being loaded already, is damaged, or of another schema (5).

    After each of these the published snapshot is what it was.
    """
    started = clock()
    with hold_lock(settings.warehouse, started), open_history(settings.warehouse) as history:
        published = _published_snapshot(settings.warehouse)
        remove_leftovers(settings.warehouse)
        history.settle_interrupted(published)
        kind = "check" if dry_run else "load"
        load_id = history.start(kind, started, _settings_in_force(settings))
        reach("locked", progress)
        run = _Run(settings, history, load_id, published, is_complete, dry_run, progress, clock)
        try:
            report = run.run(sources, mapping)
        except BaseException as error:
            status, code = _how_it_failed(error)
            history.finish(load_id, clock(), status, code, _message(error))
            write_log_line(settings.warehouse, clock(), f"load {load_id} {status}, exit {code}")
            raise
        history.finish(load_id, clock(), report.status, 0)
        write_log_line(settings.warehouse, clock(), report_in_a_line(report))
        if report.status == "published":
            remove_old_snapshots(settings.warehouse)
        return report


def prepare_checks(connection: Connection, files: Files, *, has_prior: bool) -> None:
    """Create what the rules read, from the rows with their keys and the views `prior_<table>`."""
    find_repeated_rows(connection, files)
    if has_prior:
        find_differences(connection, files)
    show_known_rows(connection, files, has_prior=has_prior)
    show_unusual_cells(connection)
    for name in ("pain_baselines", "repeated_patients"):
        connection.execute(read_sql(f"staging/{name}"))


@dataclass(frozen=True)
class _Run:
    """One load under way."""

    settings: Settings
    history: History
    load_id: int
    published: str | None
    is_complete: bool
    dry_run: bool
    progress: Progress | None
    clock: Clock

    def run(self, sources: list[Path], mapping: Path | None) -> LoadReport:
        check_disk(sources, self.settings.warehouse)
        with make_workspace(self.settings.warehouse) as workspace:
            intake = open_intake(sources, mapping, workspace=workspace)
            reach("counted", self.progress)
            fingerprint = _fingerprint(intake, self.settings, is_complete=self.is_complete)
            self.history.name_files(self.load_id, intake.files, fingerprint, rule_version())
            same = self._same_load(fingerprint)
            if same is not None:
                return self._repeat(same)
            with open_for_building(workspace / "stage.duckdb") as connection:
                return self._load(connection, intake, workspace)

    def _load(self, connection: Connection, intake: Intake, workspace: Path) -> LoadReport:
        files = intake.stage(connection)
        connection.execute(f"set memory_limit = '{_MEMORY_ONCE_READ}'")
        find_bad_cells(connection)
        self._attach_prior(connection)
        assign_keys(connection, files)
        intake.settle_scope(connection)
        reach("staged", self.progress)
        check_identifiers(connection, files, self.settings.privacy_mode)
        intake.check_identifiers(connection, self.settings.privacy_mode)
        intake.check_columns()
        reach("gated", self.progress)
        findings = [*self._check(connection, files), *intake.findings(connection)]
        reach("checked", self.progress)
        folder = snapshot_folder(self.settings.warehouse) / "quarantine" / str(self.load_id)
        quarantine = write_quarantine(connection, files, folder)
        reach("quarantined", self.progress)
        counts = find_changes(connection, files, has_prior=self.published is not None)
        findings += self._remove_absent(connection, files)
        reach("compared", self.progress)
        groups = group_sizes(connection, has_prior=self.published is not None)
        judged = judged_shares(
            connection,
            counts,
            (*findings, as_finding(groups)),
            self.settings.max_refused,
            intake.thresholds,
        )
        facts = SnapshotFacts(
            self.clock(), self.settings.privacy_mode, rule_version(), intake.day_zero
        )
        found = Outcome("", self.published, counts, tuple(findings), quarantine, judged, groups)
        return self._decide(connection, workspace, found, facts)

    def _remove_absent(self, connection: Connection, files: Files) -> list[Finding]:
        if self.is_complete and self.published is not None:
            return remove_absent(connection, files)
        keep_published(connection)
        return []

    def _check(self, connection: Connection, files: Files) -> list[Finding]:
        rules = read_rules()
        prepare_checks(connection, files, has_prior=self.published is not None)
        refuse_rows(connection, rules, files)
        refuse_children(connection, files)
        return [
            *other_findings(connection, rules, files, "fatal"),
            *ragged_findings(files),
            *error_findings(connection, files),
            *other_findings(connection, rules, files, "warning"),
        ]

    def _decide(
        self,
        connection: Connection,
        workspace: Path,
        found: Outcome,
        facts: SnapshotFacts,
    ) -> LoadReport:
        """Refuse, publish, or leave the warehouse as it is."""
        if reasons := refusal(found.judged):
            raise LoadStopped(reasons, self._remember(replace(found, status="refused")))
        if self.dry_run:
            return self._remember(replace(found, status="checked"))
        if self._is_up_to_date(connection, found):
            return self._remember(replace(found, status="unchanged"))
        built = workspace / "snapshot.duckdb"
        checksum = build_snapshot(
            connection,
            built,
            facts,
            has_prior=self.published is not None,
            progress=self.progress,
        )
        reach("snapshot_closed", self.progress)
        outcome = replace(found, status="publishing", snapshot=checksum[:12])
        report = self._remember(outcome, status="published")
        publish(self.settings.warehouse, built, checksum, self.progress)
        return report

    def _attach_prior(self, connection: Connection) -> None:
        if self.published is None:
            empty_prior(connection)
            return
        warehouse = self.settings.warehouse
        path = snapshot_folder(warehouse) / read_pointer(warehouse).file_name
        escaped = str(path).replace("'", "''")
        connection.execute(f"attach '{escaped}' as prior (read_only)")
        show_prior(connection, "prior")

    def _is_up_to_date(self, connection: Connection, found: Outcome) -> bool:
        is_changed = any(n.loaded or n.updated for n in found.tables.values())
        is_removed = any(finding.rule == REMOVED for finding in found.findings)
        if self.published is None or is_changed or is_removed:
            return False
        return published_build_version(connection, "prior") == build_version()

    def _same_load(self, fingerprint: str) -> int | None:
        if self.published is None or self.dry_run:
            return None
        return self.history.same_load(fingerprint, self.published)

    def _repeat(self, earlier: int) -> LoadReport:
        """Report a load of the same files again: every row is there already."""
        folder = snapshot_folder(self.settings.warehouse) / "quarantine"
        outcome = self.history.outcome_of(earlier, folder)
        counts = {name: _all_unchanged(n) for name, n in outcome.tables.items()}
        return self._remember(
            replace(outcome, status="unchanged", snapshot=self.published, tables=counts)
        )

    def _remember(self, outcome: Outcome, status: str = "") -> LoadReport:
        self.history.write_outcome(self.load_id, outcome)
        return LoadReport(
            status or outcome.status,
            outcome.snapshot,
            dict(outcome.tables),
            outcome.findings,
            outcome.quarantine,
            self.load_id,
            outcome.groups,
        )


def _all_unchanged(counts: TableCounts) -> TableCounts:
    return TableCounts(
        read=counts.read,
        unchanged=counts.loaded + counts.unchanged + counts.updated,
        quarantined=counts.quarantined,
        out_of_scope=counts.out_of_scope,
    )


def _published_snapshot(warehouse: Path) -> str | None:
    """Return the id of the published snapshot, None where nothing was ever published.

    A damaged warehouse is not loaded over: a partial source would silently replace all of it.
    """
    if not warehouse.exists():
        return None
    try:
        with open_snapshot(warehouse) as snapshot:
            return snapshot.snapshot_id
    except WarehouseUnavailable as error:
        raise WarehouseUnavailable(
            f"{error}\n  Nothing was loaded. To start anew, move '{warehouse.name}' away and "
            "load all records again."
        ) from None


def _fingerprint(intake: Intake, settings: Settings, *, is_complete: bool) -> str:
    """Return what is equal for two loads that must come to the same result."""
    parts = {
        "files": {file.table: file.sha256 for file in intake.files},
        "settings": _settings_in_force(settings),
        "is_complete": is_complete,
        "versions": [rule_version(), build_version(), SCHEMA_VERSION, len(TABLES)],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _settings_in_force(settings: Settings) -> dict[str, object]:
    return {"max_refused": settings.max_refused, "privacy_mode": settings.privacy_mode}


def _how_it_failed(error: BaseException) -> tuple[str, int]:
    if isinstance(error, VertebraError):
        return ("refused" if error.exit_code in (3, 4) else "failed"), error.exit_code
    return ("interrupted", 130) if isinstance(error, KeyboardInterrupt) else ("failed", 1)


def _message(error: BaseException) -> str:
    return str(error) if isinstance(error, VertebraError) else type(error).__name__
