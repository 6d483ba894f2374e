-- A leak is at a level that was treated in the session.
--
-- Table:     leaks
-- Category:  cross-table
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'a treated level of the procedure' as allowed
from stg_leaks
anti join known_treated_levels using (procedure_key, level)
where level is not null and procedure_key is not null
