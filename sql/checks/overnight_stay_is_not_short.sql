-- A patient who did not go home the same day stayed at least 4 hours.
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
    '4 or more where same_day_discharge is no, look whether these are nights' as allowed
from stg_procedures
where same_day_discharge = 'no' and length_of_stay_hours < 4
