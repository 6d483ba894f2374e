"""The example mapping makes canonical rows of a longitudinal project."""

from collections.abc import Callable

from etl.identifier_sources import refuse_identifying_columns
from etl.mapping.building import map_tables
from etl.mapping.reading import read_mapping
from warehouse.connection import open_for_building
from warehouse.sql_files import records_root

from .conftest import line

EXAMPLE = records_root() / "reference" / "mappings" / "redcap.toml"
DICTIONARY = [
    line("record_id", "baseline"),
    line("technique", "baseline", "radio", "1, Balloon | 2, Cement alone"),
    line("cause", "baseline", "radio", "1, Porotic | 2, Tumour | 3, Fall | 9, Unknown"),
    line("op_year", "baseline", validation="integer"),
    line("age", "baseline", validation="integer"),
    line("sex", "baseline", "radio", "0, Female | 1, Male | 8, Missing"),
    line("vertebra", "level", "dropdown", "T12, T12 | L1, L1"),
    line("cement", "level", validation="number_1dp_comma_decimal"),
    line("pain", "follow_up", validation="integer"),
    line("odi_percent", "follow_up", validation="number"),
    line("events", "follow_up", "checkbox", "1, Bleeding | 2, Other"),
]
SYSTEM = (
    "redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group"
)
EXPORT = [
    f"record_id,{SYSTEM},technique,cause,op_year,age,sex,baseline_complete,vertebra,cement,"
    "level_complete,pain,odi_percent,events___1,events___2,follow_up_complete",
    "7,baseline_arm_1,,,north,1,9,2024,72,8,2,,,,8,62,0,0,2",
    '7,baseline_arm_1,level,1,north,,,,,,,T12,"4,5",2,,,,,',
    '7,baseline_arm_1,level,2,north,,,,,,,L1,"3,0",2,,,,,',
    "7,day_1_arm_1,,,north,,,,,,,,,,4,,1,0,2",
    "7,week_6_arm_1,,,north,,,,,,,,,,2,30.5,0,0,2",
]


def test_the_example_makes_procedures_levels_scores_and_complications(
    read_project: Callable,
) -> None:
    mapping = read_mapping(EXAMPLE)
    days = {event: float(day) for event, day in mapping.visits.items()}
    project = read_project(DICTIONARY, EXPORT, event_days=days)
    made = {}
    with open_for_building(None) as connection:
        refuse_identifying_columns(connection, mapping, project.tables, privacy_mode="safe_harbor")
        for mapped in map_tables(connection, mapping, project.tables):
            columns = ", ".join(mapped.columns)
            rows = connection.execute(f"select {columns} from {mapped.relation} order by all")
            made[mapped.table] = [
                dict(zip(mapped.columns, r, strict=True)) for r in rows.fetchall()
            ]
    assert made["procedures"] == [
        {
            "procedure_id": "7", "patient_id": "7", "site_id": "north", "procedure_year": "2024",
            "technique": "kyphoplasty", "cause": "unspecified", "age_years": "72", "sex": None,
        }
    ]  # fmt: skip
    levels = [(row["level"], row["cement_ml"]) for row in made["treated_levels"]]
    assert levels == [("L1", "3.0"), ("T12", "4.5")]
    scores = {(row["instrument"], row["days"], row["score"]) for row in made["assessments"]}
    assert scores == {
        ("pain_nrs", "-1", "8"), ("pain_nrs", "1", "4"), ("pain_nrs", "42", "2"),
        ("odi", "-1", "62"), ("odi", "42", "30.5"),
    }  # fmt: skip
    assert [(row["type"], row["onset_days"]) for row in made["complications"]] == [
        ("bleeding", "1")
    ]
