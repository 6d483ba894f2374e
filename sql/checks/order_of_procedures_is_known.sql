-- The procedures of one patient stand in a known order.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Ruling:    endpoints.md 9; such a patient has no index procedure.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with several as (
    select
        patient_key,
        count(*) = count(augmentation_number) as has_every_number,
        count(distinct augmentation_number) as numbers,
        count(distinct (procedure_year, procedure_month, case_order)) as places,
        count(*) as procedures
    from known_procedures
    semi join repeated_patients using (patient_key)
    group by patient_key
)

select
    stg.record as record_id,
    'augmentation_number' as column_name,
    coalesce(stg.augmentation_number::varchar, '') as found,
    'a number of its own for each procedure of a patient, or year, month and case_order' as allowed
from stg_procedures as stg
join several using (patient_key)
where case when has_every_number then numbers < procedures else places < procedures end
