-- A repeat procedure stands in procedures too.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with several as (
    select patient_key
    from known_procedures
    group by patient_key
    having count(*) > 1
)

select
    record as record_id,
    'type' as column_name,
    'repeat_procedure' as found,
    'a later procedure of the patient, repeats are counted from there' as allowed
from stg_complications
join known_procedures using (procedure_key)
anti join several using (patient_key)
where type = 'repeat_procedure'
