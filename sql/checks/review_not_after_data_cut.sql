-- Complications are not reviewed beyond the end of observation.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'reviewed_through_days' as column_name,
    reviewed_through_days::varchar as found,
    'up to observed_through_days' as allowed
from stg_procedures
where reviewed_through_days > observed_through_days
