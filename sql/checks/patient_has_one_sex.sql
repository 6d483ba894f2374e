-- The procedures of one patient agree on the sex.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with several as (
    select patient_key
    from known_procedures
    semi join repeated_patients using (patient_key)
    group by patient_key
    having count(distinct sex) filter (where sex <> 'unknown') > 1
)

select
    record as record_id,
    'sex' as column_name,
    coalesce(sex::varchar, '') as found,
    'the same for every procedure of the patient' as allowed
from stg_procedures
semi join several using (patient_key)
