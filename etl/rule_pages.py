"""Write one short page per rule from the headers of their files: `python -m etl.rule_pages`."""

from pathlib import Path

from etl.mapping.rules import MAPPING_RULES
from etl.removal import HAS_ITS_PROCEDURES, READ_WHOLE, REMOVED
from etl.validate import EVERY_TABLE, PARENT_REFUSED, RAGGED, Rule, read_rules
from warehouse.sql_files import header_field, sql_root

_MEANINGS = {
    "fatal": "the file as a whole is not loaded (exit code 4).",
    "error": "the record is set apart in the quarantine, with its children; the others are loaded.",
    "warning": "the record is loaded and listed.",
}


_NOT_IN_SQL = (
    Rule(
        RAGGED,
        "A record has as many fields as its header, and its quotes are sound.",
        EVERY_TABLE,
        "conformance",
        "error",
        "",
    ),
    Rule(
        PARENT_REFUSED,
        "A record whose procedure, or whose treated level where it is a leak, is refused goes with "
        "it, and does not count towards the share of refused records.",
        EVERY_TABLE,
        "cross-table",
        "error",
        "",
    ),
    Rule(
        REMOVED,
        "No published record is lacking in a source that is declared to hold them all.",
        EVERY_TABLE,
        "completeness",
        "warning",
        "",
    ),
    Rule(
        READ_WHOLE,
        "Every record of a source that is declared to hold them all can be read.",
        EVERY_TABLE,
        "completeness",
        "fatal",
        "",
    ),
    Rule(
        HAS_ITS_PROCEDURES,
        "A source that is declared to hold every record has the procedure of each of them.",
        EVERY_TABLE,
        "cross-table",
        "fatal",
        "",
    ),
)
"""What the reading itself, the refusal of parents and a complete source find."""


def documented_rules() -> tuple[Rule, ...]:
    """Return every rule that a finding can name, but for what readers notice of a source."""
    mapping_rules = (
        Rule(name, sentence, "every table", "mapping", severity, "")
        for name, (severity, sentence) in MAPPING_RULES.items()
    )
    return (*read_rules(), *_NOT_IN_SQL, *mapping_rules)


def page_of(rule: Rule) -> str:
    """Return the page of one rule, in Markdown."""
    table = "every table" if rule.table == EVERY_TABLE else f"`{rule.table}`"
    lines = [
        f"# {rule.name}",
        "",
        rule.sentence,
        "",
        f"- Table: {table}",
        f"- Kind: {rule.category}",
        f"- When it is not kept ({rule.severity}): {_MEANINGS[rule.severity]}",
    ]
    for field in ("Ruling", "Caution"):
        if text := header_field(rule.statement, field):
            lines.append(f"- {field}: {text}")
    if rule.statement:
        lines += ["", f"The rule itself: `sql/checks/{rule.name}.sql`."]
    lines.append("")
    return "\n".join(lines)


def write_pages(folder: Path) -> None:
    """Write every rule's page to `folder`, and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = documented_rules()
    for page in folder.glob("*.md"):
        if page.stem not in {rule.name for rule in rules}:
            page.unlink()
    for rule in rules:
        path = folder / f"{rule.name}.md"
        path.write_text(page_of(rule), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_pages(sql_root().parent / "docs" / "rules")
