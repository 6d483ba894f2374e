"""What practices call their columns is known, and what only sounds alike is not proposed."""

import pytest

from etl.mapping.proposal import propose
from etl.mapping.synonyms import columns_called
from warehouse.source_schema import TABLES

HEADERS = [
    ("Procedure", "procedures.technique"),
    ("PROCEDURE", "procedures.technique"),
    ("Procedure Type", "procedures.technique"),
    ("Type of procedure", "procedures.technique"),
    ("procedure_performed", "procedures.technique"),
    ("Intervention", "procedures.technique"),
    ("Surgery type", "procedures.technique"),
    ("KP/VP", "procedures.technique"),
    ("Kyphoplasty / Vertebroplasty", "procedures.technique"),
    ("Indication", "procedures.cause"),
    ("indication_for_surgery", "procedures.cause"),
    ("Diagnosis", "procedures.cause"),
    ("Primary diagnosis", "procedures.cause"),
    ("Reason", "procedures.cause"),
    ("Reason for procedure", "procedures.cause"),
    ("Fracture etiology", "procedures.cause"),
    ("fracture_aetiology", "procedures.cause"),
    ("Underlying pathology", "procedures.cause"),
    ("Levels", "treated_levels.level"),
    ("Level(s) treated", "treated_levels.level"),
    ("Level(s)", "treated_levels.level"),
    ("levels_treated", "treated_levels.level"),
    ("Treated vertebra", "treated_levels.level"),
    ("Vertebrae", "treated_levels.level"),
    ("Index level", "treated_levels.level"),
    ("Spinal Level", "treated_levels.level"),
    ("FractureLevel", "treated_levels.level"),
    ("Surgeon", "procedures.surgeon_id"),
    ("Operator", "procedures.surgeon_id"),
    ("Operating surgeon", "procedures.surgeon_id"),
    ("Surgeon code", "procedures.surgeon_id"),
    ("Performing provider", "procedures.surgeon_id"),
    ("Proceduralist", "procedures.surgeon_id"),
    ("Consultant", "procedures.surgeon_id"),
    ("Site", "procedures.site_id"),
    ("Clinic", "procedures.site_id"),
    ("Clinic ID", "procedures.site_id"),
    ("Center", "procedures.site_id"),
    ("Treating hospital", "procedures.site_id"),
    ("Institution", "procedures.site_id"),
    ("redcap_data_access_group", "procedures.site_id"),
    ("Patient #", "procedures.patient_id"),
    ("Study ID", "procedures.patient_id"),
    ("record_id", "procedures.patient_id"),
    ("participant_id", "procedures.patient_id"),
    ("Case No.", "procedures.procedure_id"),
    ("Year of surgery", "procedures.procedure_year"),
    ("Age (yrs)", "procedures.age_years"),
    ("Age at surgery (years)", "procedures.age_years"),
    ("Patient age", "procedures.age_years"),
    ("Gender", "procedures.sex"),
    ("Sex at birth", "procedures.sex"),
    ("ASA Grade", "procedures.asa_class"),
    ("ASA physical status", "procedures.asa_class"),
    ("Charlson Comorbidity Index", "procedures.charlson"),
    ("ECOG performance status", "procedures.ecog"),
    ("BMI (kg/m2)", "procedures.bmi"),
    ("BMD T-score", "procedures.t_score"),
    ("Fracture age (weeks)", "procedures.fracture_age_days"),
    ("Chronic steroid use", "procedures.steroid"),
    ("Payor", "procedures.payer_class"),
    ("Insurance", "procedures.payer_class"),
    ("Patient class", "procedures.setting"),
    ("Type of anaesthesia", "procedures.anesthesia"),
    ("Op time (min)", "procedures.procedure_minutes"),
    ("Duration of surgery (min)", "procedures.procedure_minutes"),
    ("Fluoro time (min)", "procedures.fluoroscopy_minutes"),
    ("Reference air kerma (mGy)", "procedures.air_kerma_mgy"),
    ("Length of stay (days)", "procedures.length_of_stay_hours"),
    ("LOS_days", "procedures.length_of_stay_hours"),
    ("Cement volume (mL)", "treated_levels.cement_ml"),
    ("PMMA (cc)", "treated_levels.cement_ml"),
    ("Cobb angle preop (deg)", "treated_levels.kyphotic_angle_pre"),
    ("Leak location", "leaks.route"),
    ("Outcome measure", "assessments.instrument"),
    ("redcap_event_name", "assessments.days"),
    ("Follow-up visit", "assessments.days"),
    ("Days post-op", "assessments.days"),
    ("Total score", "assessments.score"),
    ("Complications", "complications.type"),
    ("AE term", "complications.type"),
    ("Clavien-Dindo", "complications.grade"),
    ("Days to onset", "complications.onset_days"),
    ("Relationship to procedure", "complications.relatedness"),
]


@pytest.mark.parametrize(("header", "wanted"), HEADERS)
def test_a_header_of_a_practice_is_known(header, wanted):
    assert tuple(wanted.split(".")) in columns_called(header)


NOT_PROPOSED = [
    "Procedure date", "Procedure notes", "Procedure start time", "Procedure days",
    "Procedure room", "Surgeon name", "Surgeon phone", "Surgeon comments", "Operator comments",
    "Indication details", "Diagnosis date", "Diagnosis comments", "Date of diagnosis",
    "Reason for cancellation", "Reason lost to follow-up", "Cause of death", "Site address",
    "Site of pain", "Clinic phone", "Clinic visit", "Level of care", "Level of evidence",
    "Number of levels", "Levels of service", "Cement lot number", "Device serial number",
    "Age of implant", "Age of onset", "Year of birth", "Patient name", "Hospital number",
    "Technique notes", "Complication date", "Complication notes", "Sex partner", "Score date",
    "Date", "Status", "Comments", "Fracture date", "Diagnosis days", "Treatment plan",
]  # fmt: skip


@pytest.mark.parametrize("header", NOT_PROPOSED)
def test_a_header_that_only_sounds_alike_is_not_proposed(tables_from, header):
    text = propose(tables_from(cases=[f"case,{header}", "C1,x1", "C2,x2"])).text
    settled = [line for line in text.splitlines() if not line.startswith("#")]
    assert columns_called(header) == []
    assert not [line for line in settled if f'"{header}"' in line]


def test_every_canonical_name_stands_for_itself():
    for table in TABLES:
        for column in table.columns:
            assert (table.name, column.name) in columns_called(column.name)


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if start in line)


REGISTER = [
    "Patient #,Surgeon,Clinic,Procedure,Indication,Level(s) treated,Age (yrs),Length of stay (d)",
    "P1,S1,A,Balloon kyphoplasty,Osteoporotic,\"T12, L1\",72,1",
    "P2,S2,A,Vertebroplasty,Metastatic,L2,66,2",
]  # fmt: skip


def test_a_register_of_plain_headers_is_proposed_whole_with_reasons(tables_from):
    text = propose(tables_from(register=REGISTER)).text
    assert line_of(text, "patient_id =").startswith('patient_id = "Patient #"  # likely: ')
    assert line_of(text, "surgeon_id =").startswith('surgeon_id = "Surgeon"  # likely: ')
    assert line_of(text, "site_id =").startswith('site_id = "Clinic"  # likely: ')
    assert line_of(text, "technique =").startswith(
        'technique = { column = "Procedure", recode = { "Balloon kyphoplasty" = "kyphoplasty", '
        '"Vertebroplasty" = "vertebroplasty" } }  # likely: '
    )
    assert line_of(text, "cause =").startswith(
        'cause = { column = "Indication", recode = { "Metastatic" = "cancer", "Osteoporotic" = '
        '"osteoporosis" } }  # likely: '
    )
    assert line_of(text, "level =").startswith(
        'level = { column = "Level(s) treated", split = "," }  # likely: '
    )
    assert line_of(text, "length_of_stay_hours =").startswith(
        'length_of_stay_hours = { column = "Length of stay (d)", unit = "days -> hours" }'
    )


def test_of_two_columns_the_one_whose_values_are_known_is_proposed(tables_from):
    register = ["case,Procedure,Technique used", "C1,Lumbar case,BKP", "C2,Thoracic case,VP"]
    text = propose(tables_from(register=register)).text
    assert line_of(text, "technique =").startswith('technique = { column = "Technique used"')
