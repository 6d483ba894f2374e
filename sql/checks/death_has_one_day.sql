-- A death has the same day as a complication and in procedures.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'onset_days' as column_name,
    onset_days::varchar as found,
    'death_days of the procedure' as allowed
from stg_complications
join known_procedures using (procedure_key)
where type = 'death' and onset_days <> death_days
