"""Columns, values and missing codes of a practice become canonical ones."""


def test_a_column_is_renamed_and_a_constant_is_written(mapped, procedures):
    [row] = mapped("procedures", procedures, cases=["patient,case", "P7,C1"])
    assert row == {
        "procedure_id": "C1",
        "patient_id": "P7",
        "site_id": "A",
        "procedure_year": "2024",
        "technique": "kyphoplasty",
        "cause": "osteoporosis",
    }


def test_values_are_recoded_and_an_undeclared_one_stays_to_be_refused(column_of):
    line = 'sex = { column = "x", recode = { "1" = "male", "2" = "female", "9" = "" } }'
    # 3 has no recode: it stays as it is, for the ordinary check of words to refuse and name.
    made = column_of(line, ["1,", " 2 ,", "9,", "3,", ",", "female,"])
    assert made == ["male", "female", None, "3", None, "female"]


def test_a_column_without_recode_keeps_its_cells_as_they_stand(column_of):
    assert column_of('sex = "x"', ["male,", " male,", "NA,", "1,"]) == [
        "male",
        " male",
        None,
        "1",
    ]


def test_missing_codes_of_the_column_and_of_the_whole_source_are_missing(column_of):
    line = 'bmi = { column = "x", missing = [-9] }'
    made = column_of(line, ["27,", "999,", "-9,", "<undefined>,", "99,"],
        top='missing = [999, "<undefined>"]\n')  # fmt: skip
    assert made == ["27", None, None, None, "99"]


def test_codes_that_are_missing_everywhere_are_not_looked_for_in_keys(mapped, procedures):
    toml = "missing = [999]\n" + procedures
    [row] = mapped("procedures", toml, cases=["case,patient", "999,P1"])
    assert row["procedure_id"] == "999"


def test_a_missing_cell_stands_for_what_the_mapping_says(column_of):
    line = 'steroid = { column = "x", recode = { "1" = "yes" }, if_missing = "no" }'
    assert column_of(line, ["1,", ",", "NA,"]) == ["yes", "no", "no"]
