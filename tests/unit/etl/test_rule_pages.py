"""Every rule that a finding can name has a page, and no page is stale."""

from etl.rule_pages import documented_rules, page_of
from warehouse.sql_files import sql_root

PAGES = sql_root().parent / "docs" / "rules"


def test_each_rule_has_its_page_as_its_file_says():
    for rule in documented_rules():
        page = PAGES / f"{rule.name}.md"
        assert page.read_text(encoding="utf-8") == page_of(rule), (
            f"{page.name} is stale: run python -m etl.rule_pages"
        )


def test_there_is_no_page_without_a_rule():
    assert {page.stem for page in PAGES.glob("*.md")} == {rule.name for rule in documented_rules()}
