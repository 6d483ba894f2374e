-- A patient is not younger at a procedure of a later year.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Returns:   all procedures of such a patient; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with repeated as (
    select patient_key
    from known_procedures
    semi join repeated_patients using (patient_key)
    group by patient_key
    having max(procedure_year) > min(procedure_year) and max(age_years) > min(age_years)
),

ages as (
    select
        patient_key,
        age_years,
        max(age_years) over (
            partition by patient_key
            order by procedure_year
            range between unbounded preceding and 1 preceding
        ) as age_before
    from known_procedures
    semi join repeated using (patient_key)
)

select
    record as record_id,
    'age_years' as column_name,
    coalesce(age_years::varchar, '') as found,
    'the age at the procedure, not lower than in an earlier year' as allowed
from stg_procedures
where patient_key in (select patient_key from ages where age_years < age_before)
