-- The first known procedure of a patient has none before it.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'days_since_previous_procedure' as column_name,
    days_since_previous_procedure::varchar as found,
    'none where augmentation_number is 1' as allowed
from stg_procedures
where augmentation_number = 1 and days_since_previous_procedure is not null
