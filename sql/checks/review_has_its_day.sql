-- A review of complications says to which day it reaches.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Ruling:    endpoints.md 13.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'reviewed_through_days' as column_name,
    '' as found,
    'the day, without it the review counts to observed_through_days' as allowed
from stg_procedures
where complications_reviewed = 'yes' and reviewed_through_days is null
