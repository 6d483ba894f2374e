-- A death is not after the end of observation.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'death_days' as column_name,
    death_days::varchar as found,
    'up to observed_through_days' as allowed
from stg_procedures
where death_days > observed_through_days
