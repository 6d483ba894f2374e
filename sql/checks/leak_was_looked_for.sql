-- A leak is recorded only at a level that was checked for leaks.
--
-- Table:     leaks
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'a level with leak_checked yes, others are in no denominator' as allowed
from stg_leaks
join known_treated_levels as levels using (procedure_key, level)
where coalesce(levels.leak_checked = 'no', true)
