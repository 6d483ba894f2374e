-- A repeat procedure stands in procedures too.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'type' as column_name,
    'repeat_procedure' as found,
    'a later procedure of the patient, repeats are counted from there' as allowed
from stg_complications
join known_procedures using (procedure_key)
anti join repeated_patients using (patient_key)
where type = 'repeat_procedure'
