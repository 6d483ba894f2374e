-- A complication is not over before it began.
--
-- Table:     complications
-- Category:  temporal
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'resolved_days' as column_name,
    resolved_days::varchar as found,
    'onset_days or later' as allowed
from stg_complications
where resolved_days < onset_days
