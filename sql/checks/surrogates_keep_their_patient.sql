-- Procedures that the warehouse knows come with the patient that they had.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  fatal
-- Caution:   renumbered surrogates would overwrite the records of other patients.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with again as (
    select
        stg.record,
        stg.patient_id <> prior.patient_id as has_other_patient
    from stg_procedures as stg
    join prior_procedures as prior using (procedure_key)
),

moved as (
    select count(*) filter (where has_other_patient) > 0.05 * count(*) as has_moved
    from again
)

select
    record as record_id,
    'patient_id' as column_name,
    'another patient' as found,
    'the patient_id of earlier loads in at least 95 % of known procedures' as allowed
from again
cross join moved
where has_moved and has_other_patient
