"""The example mapping makes canonical rows of OMOP tables."""

from collections.abc import Callable

from etl.identifier_sources import refuse_identifying_columns
from etl.mapping.building import map_tables
from etl.mapping.reading import read_mapping
from warehouse.connection import open_for_building
from warehouse.sql_files import records_root

EXAMPLE = records_root() / "reference" / "mappings" / "omop.toml"


def test_the_example_makes_procedures_and_scores_with_days(read_source: Callable) -> None:
    def change(tables) -> None:
        for row in tables["condition_occurrence"]:
            row["visit_occurrence_id"] = 900 + row["person_id"]

    source = read_source(change)
    with open_for_building(None) as connection:
        mapping = read_mapping(EXAMPLE)
        refuse_identifying_columns(connection, mapping, source.tables, privacy_mode="safe_harbor")
        map_tables(connection, mapping, source.tables)
        procedures = connection.execute(
            "select procedure_id, procedure_year, technique, cause, cause_certainty, age_years, "
            "sex, death_days from mapped_procedures order by procedure_id"
        ).fetchall()
        scores = connection.execute(
            "select procedure_id, instrument, days, score from mapped_assessments order by all"
        ).fetchall()
    # 22513 and 22515 are cavity creation; 22510 vertebroplasty; M80.08XA osteoporosis.
    # 1 April to 24 December 2024 are 267 days.
    assert procedures == [
        ("1-1", "2024", "kyphoplasty_or_mechanical", "osteoporosis", "stated", "74", "female",
         None),
        ("2-1", "2024", "vertebroplasty", "osteoporosis", "stated", "80", "male", "267"),
    ]  # fmt: skip
    assert scores == [("1-1", "pain_nrs", "-1", "8"), ("1-1", "pain_nrs", "1", "2.5")]
