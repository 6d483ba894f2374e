"""What a reader noticed in a source that a mapping has to settle: never silent, never a value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceFinding:
    """One observation about a table of a source.

    Attributes
    ----------
    rule : str
        Named for what was seen, such as 'choice_reads_as_missing'.
    severity : str
        'error', 'warning' or 'note'.
    table, column : str
        Where; the column is empty where the finding is about the whole table.
    count, of : int
        How many of how many.
    note : str
        What it means and what to do: for example the line that a mapping may hold.
    """

    rule: str
    severity: str
    table: str
    column: str
    count: int
    of: int
    note: str
