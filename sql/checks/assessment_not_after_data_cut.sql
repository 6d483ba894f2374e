-- Nobody is assessed after the end of observation.
--
-- Table:     assessments
-- Category:  temporal
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'days' as column_name,
    days::varchar as found,
    'up to observed_through_days' as allowed
from stg_assessments
join known_procedures using (procedure_key)
where days > observed_through_days
