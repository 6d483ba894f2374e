"""Read a FHIR R4 export into one text table for each resource type.

Two walks: the first learns which resources there are, so that the second can follow
references, tell repeated records and give ages while it writes one row after the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from etl.sources.fhir.elements import ResourceFault, objects_in
from etl.sources.fhir.export import FhirExport, ResourceCounts
from etl.sources.fhir.files import Entry, entries_of, find_files
from etl.sources.fhir.followers import Follower
from etl.sources.fhir.notes import Notes
from etl.sources.fhir.references import ID, Owner, contained_keys
from etl.sources.fhir.releases import check_release
from etl.sources.fhir.resource_types import RESOURCE_TYPES
from etl.sources.fhir.rows import ROWS
from etl.sources.fhir.sessions import Sessions
from etl.sources.fhir.strict_json import is_text
from etl.sources.fhir.survey import TYPES_READ, Survey, SurveyedFile, key_of, survey_files
from etl.sources.fhir.tables import TableWriter, where, write_order
from etl.sources.fhir.uses import reason_left_out
from etl.sources.text_table import TextTable


def read_fhir(paths: Iterable[Path], *, workspace: Path) -> list[TextTable]:
    """Return the tables of a FHIR export; `read_fhir_export` tells what was noticed as well."""
    return list(read_fhir_export(paths, workspace=workspace).tables)


def read_fhir_export(paths: Iterable[Path], *, workspace: Path) -> FhirExport:
    """Read Bundles and bulk files of FHIR R4 into text tables.

    Parameters
    ----------
    paths : iterable of Path
        Files (.json: a Bundle or one resource; .ndjson, .jsonl: one resource a line) and
        folders, which are searched for such files.
    workspace : Path
        An existing folder for the tables; whoever made it removes it.

    Raises
    ------
    SourceUnreadable
        If a path does not exist, a file is too large, a .json file is damaged or a Bundle of
        another type, or nothing in the paths is FHIR. A damaged line is a fault of its table.
    """
    files, others = find_files(paths)
    survey = survey_files(files)
    with ExitStack() as closing:
        reader = _Reader(survey, workspace, closing)
        for surveyed in survey.files:
            reader.read_file(surveyed)
    reader.note_ignored(others)
    return reader.export()


class _Reader:
    """The second walk."""

    def __init__(self, survey: Survey, workspace: Path, closing: ExitStack) -> None:
        self._survey = survey
        self._workspace = workspace
        self._closing = closing
        self._notes = Notes()
        self._sessions = Sessions(survey.births)
        self._tables: dict[str, TableWriter] = {}
        self._counts: dict[str, ResourceCounts] = {}
        self._other_types: Counter[str] = Counter()
        self._offsets: dict[tuple[str, str], Counter[bool]] = {}

    def read_file(self, surveyed: SurveyedFile) -> None:
        """Read what stands in a file."""
        for entry in entries_of(surveyed.file):
            place = surveyed.base + entry.place
            if entry.goes_on:
                words = "the Bundle is a page of a longer list: export the other pages too"
                self._notes.add("export_goes_on", "", "", words, place)
            elif entry.fault:
                self._refuse_unread(surveyed, place, entry.fault)
            else:
                self._read_entry(entry, place)

    def note_ignored(self, others: int) -> None:
        """Note the files that hold no FHIR."""
        for file in self._survey.ignored:
            words = f"{file.title} holds no FHIR resource and was left out"
            self._notes.add("file_not_fhir", "", "", words)
        if others:
            words = "files that are neither .ndjson nor .json were left out"
            self._notes.add("file_not_fhir", "", "", words, count=others)

    def export(self) -> FhirExport:
        """Return everything read, once all files are closed."""
        self._note_offsets()
        self._note_counts()
        read = {name: counts.read for name, counts in self._counts.items()}
        files = self._survey.files
        return FhirExport(
            tables=tuple(writer.table(files) for writer in write_order(self._tables)),
            counts=self._counts,
            other_types=self._other_types,
            findings=self._notes.findings(read, lambda place: where(place, files)),
        )

    def _note_counts(self) -> None:
        """Note what was left out as a whole, by type and status."""
        for resource_type, count in sorted(self._other_types.items()):
            words = f"resources of type {resource_type} are not read"
            self._notes.add("resource_type_not_read", "", "", words, count=count)
        for resource_type, counts in self._counts.items():
            for reason, count in counts.left_out.items():
                words = f"records with status {reason} do not count"
                self._notes.add("record_left_out", resource_type, "status", words, count=count)
            if counts.repeated:
                words = "records are given again with equal content and counted once"
                self._notes.add(
                    "record_repeated", resource_type, "id", words, count=counts.repeated
                )

    def _refuse_unread(self, surveyed: SurveyedFile, place: int, reason: str) -> None:
        """Refuse what stands where a resource should; its type is that of its file."""
        if surveyed.usual_type:
            self._counts_of(surveyed.usual_type).read += 1
            self._refuse(surveyed.usual_type, place, reason)
        else:
            self._notes.add("line_not_readable", "", "", reason, place)

    def _read_entry(self, entry: Entry, place: int) -> None:
        """Count a resource and read it where its type and id allow."""
        resource_type = entry.resource["resourceType"]
        if resource_type not in TYPES_READ:
            known = resource_type if resource_type in RESOURCE_TYPES else "unknown to FHIR R4"
            self._other_types[known] += 1
            return
        counts = self._counts_of(resource_type)
        counts.read += 1
        key = key_of(entry)
        if not key:
            self._refuse(resource_type, place, "the resource has no id as FHIR defines it")
        elif key in self._survey.contradicted:
            reason = "another record has this id and says something else"
            self._refuse(resource_type, place, reason)
        elif not self._survey.is_first(key, place):
            counts.repeated += 1
        elif key in self._survey.unusable:
            self._refuse(resource_type, place, self._survey.unusable[key])
        else:
            self._read_resource(entry.resource, key, place)

    def _read_resource(self, resource: Mapping[str, Any], key: str, place: int) -> None:
        """Write the rows of a resource and of those that it contains, or refuse it."""
        try:
            owner = Owner(key, contained_keys(resource, key))
            self._use(resource, key, owner, place)
        except ResourceFault as fault:
            self._refuse(resource["resourceType"], place, str(fault))
            return
        for inner in objects_in(resource, "contained"):
            if inner.get("resourceType") in TYPES_READ:
                self._read_contained(inner, owner, place)

    def _read_contained(self, inner: Mapping[str, Any], owner: Owner, place: int) -> None:
        """Read a contained resource; references in it are those of its owner."""
        resource_type = inner["resourceType"]
        self._counts_of(resource_type).read += 1
        local = inner.get("id")
        try:
            if not is_text(local) or not ID.fullmatch(local):
                raise ResourceFault("a contained resource has no id as FHIR defines it")
            self._use(inner, owner.contained[local], owner, place)
        except ResourceFault as fault:
            self._refuse(resource_type, place, str(fault))

    def _use(self, resource: Mapping[str, Any], key: str, owner: Owner, place: int) -> None:
        """Write the rows of a resource, or count why it does not count."""
        resource_type, _, resource_id = key.partition("/")
        if foreign := check_release(resource_type, resource):
            words = "elements that FHIR R4 does not have were left out"
            self._notes.add("element_not_of_r4", resource_type, "", words, place, count=foreign)
        if reason := reason_left_out(resource_type, resource):
            self._counts_of(resource_type).left_out[reason] += 1
            return
        follower = Follower(
            owner, self._survey.index, self._notes, table=resource_type, place=place
        )
        rows = [{"id": resource_id} | row for row in ROWS[resource_type](resource, follower)]
        for row in rows:
            if resource_type == "Procedure":
                self._complete(row)
            self._count_offsets(resource_type, row)
        self._table_of(resource_type).write(rows, place)
        self._counts_of(resource_type).used += 1

    def _complete(self, row: dict[str, str]) -> None:
        """Add what other records tell of a procedure."""
        try:
            self._sessions.complete(row)
        except ValueError:
            self._notes.add("birth_date_not_readable", "Patient", "", "no age could be given")

    def _count_offsets(self, resource_type: str, row: Mapping[str, str]) -> None:
        for column, instant in row.items():
            if instant and column.endswith("_instant"):
                in_utc = instant.endswith(("Z", "+00:00", "-00:00"))
                self._offsets.setdefault((resource_type, column), Counter())[in_utc] += 1

    def _note_offsets(self) -> None:
        """Note columns whose every time is in UTC: the local day is then not known."""
        for (resource_type, column), offsets in self._offsets.items():
            if not offsets[False]:
                words = (
                    "every time is written in UTC, so that the local day may be another: "
                    "export times with the offset of the place"
                )
                self._notes.add(
                    "dates_only_in_utc", resource_type, column, words, count=offsets[True]
                )

    def _refuse(self, resource_type: str, place: int, reason: str) -> None:
        self._counts_of(resource_type).refused += 1
        self._table_of(resource_type).faults.append((place, reason))

    def _counts_of(self, resource_type: str) -> ResourceCounts:
        return self._counts.setdefault(resource_type, ResourceCounts())

    def _table_of(self, resource_type: str) -> TableWriter:
        if resource_type not in self._tables:
            self._tables[resource_type] = TableWriter(resource_type, self._workspace, self._closing)
        return self._tables[resource_type]
