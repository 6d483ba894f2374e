-- A refracture is at a treated level.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Ruling:    endpoints.md 12.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'a treated level, its class is read from the level' as allowed
from stg_complications
anti join known_treated_levels using (procedure_key, level)
where type = 'refracture' and level is not null
