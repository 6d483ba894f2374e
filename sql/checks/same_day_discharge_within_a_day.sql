-- A patient who went home the same day stayed at most 24 hours.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'length_of_stay_hours' as column_name,
    length_of_stay_hours::varchar as found,
    'up to 24 where same_day_discharge is yes' as allowed
from stg_procedures
where same_day_discharge = 'yes' and length_of_stay_hours > 24
