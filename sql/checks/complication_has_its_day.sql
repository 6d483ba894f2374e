-- A complication says on which day it began.
--
-- Table:     complications
-- Category:  completeness
-- Severity:  warning
-- Ruling:    endpoints.md 16.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'onset_days' as column_name,
    '' as found,
    'the day, without it the event is counted outside the curves' as allowed
from stg_complications
where onset_days is null
