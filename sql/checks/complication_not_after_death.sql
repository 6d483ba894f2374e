-- A complication does not begin after the death.
--
-- Table:     complications
-- Category:  temporal
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'onset_days' as column_name,
    onset_days::varchar as found,
    'up to death_days' as allowed
from stg_complications
join known_procedures using (procedure_key)
where onset_days > death_days and type <> 'death'
