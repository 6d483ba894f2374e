-- A later augmentation says how many days after the one before it was.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Ruling:    endpoints.md 9.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'days_since_previous_procedure' as column_name,
    '' as found,
    'the days, without them this procedure ends no earlier follow-up' as allowed
from stg_procedures
where augmentation_number > 1 and days_since_previous_procedure is null
