-- Only a patient who was in paid work returns to it.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'return_to_work_days' as column_name,
    return_to_work_days::varchar as found,
    'none where employed_before is no' as allowed
from stg_procedures
where employed_before = 'no' and return_to_work_days is not null
