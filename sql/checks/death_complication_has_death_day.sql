-- A complication of type death belongs to a procedure with a day of death.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'type' as column_name,
    'death' as found,
    'death_days in procedures, deaths are counted from there' as allowed
from stg_complications
join known_procedures using (procedure_key)
where type = 'death' and death_days is null
