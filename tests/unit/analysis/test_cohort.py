"""One grammar of the cohort for page, permalink and command."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohort import Cohort, parse_cohort
from warehouse.errors import SourceUnreadable
from warehouse.vocabulary import CAUSES, SEXES, TECHNIQUES


def some_of(words):
    return st.lists(st.sampled_from(words), unique=True).map(tuple)


site_ids = st.lists(
    st.text(alphabet="ABCdef012-_ &=é", min_size=1, max_size=5).filter(lambda s: s.strip() == s),
    unique=True,
    max_size=3,
).map(tuple)
cohorts = st.builds(
    Cohort,
    technique=some_of(TECHNIQUES),
    cause=some_of(CAUSES),
    site=site_ids,
    surgeon=site_ids,
    sex=some_of(SEXES),
    setting=some_of(("office", "outpatient", "inpatient", "unknown")),
    levels=some_of(("single", "multi", "unknown")),
    age_from=st.one_of(st.none(), st.integers(1, 50)),
    age_to=st.one_of(st.none(), st.integers(51, 89)),
    year_from=st.one_of(st.none(), st.integers(1990, 2020)),
    year_to=st.one_of(st.none(), st.integers(2021, 2099)),
    unit=st.sampled_from(("index", "all")),
)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(cohorts)
def test_a_cohort_survives_its_own_permalink(cohort):
    assert parse_cohort(cohort.as_query()) == cohort


def test_repeated_keys_and_commas_list_the_same_values():
    repeated = parse_cohort("cause=cancer&cause=trauma")
    assert repeated == parse_cohort("cause=cancer,trauma")
    assert repeated.cause == ("cancer", "trauma")


def test_an_age_range_reads_as_text_and_as_two_numbers():
    # Streamlit binds a range slider as two repeated numbers.
    assert parse_cohort("age=60-79") == parse_cohort("age=60&age=79")
    assert parse_cohort("age=60-79").age_from == 60


def test_ages_up_to_ninety_ask_for_every_older_patient_too():
    assert parse_cohort("age=60-90").age_to is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("techniqe=kyphoplasty", "key 'techniqe' is not known"),
        ("technique=kyphoplsty", "technique 'kyphoplsty' is not known"),
        ("age=old", "age 'old' is not known"),
        ("age=40-120", "from 0 to 90"),
        ("from=24", "from 1984 to 2100"),
        ("from=2024&from=2025", "one year"),
        ("unit=patient", "index, all"),
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_what_is_allowed(query, words):
    with pytest.raises(SourceUnreadable) as refused:
        parse_cohort(query)
    assert words in str(refused.value)
    assert "Allowed" in str(refused.value)


def test_a_whole_permalink_is_read_for_its_cohort_alone():
    of_a_page = "cause=cancer&definition=half&show=cancer&within=trauma&snapshot=0123456789ab"
    assert parse_cohort(of_a_page) == parse_cohort("cause=cancer")


def keys_in(connection, **chosen):
    found = connection.execute(
        "select procedure_key from cohort($cohort) order by all",
        {"cohort": Cohort(**chosen).as_parameter()},
    ).fetchall()
    return [key for (key,) in found]


def test_the_index_is_the_first_completed_procedure_inside_the_period(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "procedure_year": 2022},
            {"patient_key": 1, "augmentation_number": 2, "procedure_year": 2023},
            {"patient_key": 1, "augmentation_number": 3, "procedure_year": 2023},
            {"patient_key": 2, "procedure_year": 2023, "procedure_status": "aborted"},
        ]
    )
    assert keys_in(connection) == [1]
    assert keys_in(connection, year_from=2023) == [2]
    assert keys_in(connection, unit="all") == [1, 2, 3]


def test_other_filters_drop_an_index_and_never_choose_another(tables_of):
    connection = tables_of(
        procedures=[
            {"patient_key": 1, "augmentation_number": 1, "technique": "vertebroplasty"},
            {"patient_key": 1, "augmentation_number": 2, "technique": "kyphoplasty"},
        ]
    )
    assert keys_in(connection, technique=("kyphoplasty",)) == []


def test_unknown_is_a_value_and_an_age_range_leaves_unknown_ages_out(tables_of):
    connection = tables_of(
        procedures=[{"sex": "female", "age_years": 70}, {"sex": None, "age_years": None}]
    )
    assert keys_in(connection, sex=("unknown",)) == [2]
    assert keys_in(connection) == [1, 2]
    assert keys_in(connection, age_from=60) == [1]


def test_a_technique_is_read_as_recorded_and_as_the_screen_writes_it():
    shown = parse_cohort("technique=kyphoplasty+or+mechanical")
    assert shown == parse_cohort("technique=kyphoplasty_or_mechanical")
    assert shown.as_query() == "technique=kyphoplasty_or_mechanical"
