"""How small the groups are in which patients hide, told with every load.

The quick part of `etl.anonymity`: one set of quasi-identifiers, one grouping. Nothing is refused
for it unless a threshold of the mapping says so.
"""

from etl.anonymity import QUASI_IDENTIFIERS, WIDELY_KNOWN
from etl.report import Finding, GroupSizes
from warehouse.connection import Connection
from warehouse.sql_files import read_sql

HIDDEN = "records_hide_in_groups"
"""Under this name a mapping sets the share of procedures in groups under 11 that stops a load."""


def group_sizes(connection: Connection, *, has_prior: bool) -> GroupSizes:
    """Gauge all procedures that will be published; no record is returned.

    Reads `changed_procedures` and, where there is a published snapshot, `kept_procedures`.
    """
    columns = ", ".join(("patient_key", *WIDELY_KNOWN))
    rows = f"select {columns} from changed_procedures"
    if has_prior:
        rows += (
            f" union all select {columns} from kept_procedures "
            "anti join changed_procedures using (procedure_key)"
        )
    connection.execute(f"create or replace temp view gauged_procedures as {rows}")
    [row] = connection.execute(read_sql("privacy/group_sizes")).fetchall()
    return GroupSizes(tuple(QUASI_IDENTIFIERS[name] for name in WIDELY_KNOWN), *row)


def as_finding(sizes: GroupSizes) -> Finding:
    """Return the sizes as a threshold judges them."""
    return Finding(HIDDEN, "warning", "procedures", sizes.procedures_under_11, sizes.procedures)
