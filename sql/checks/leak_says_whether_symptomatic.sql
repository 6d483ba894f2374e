-- A leak says whether it caused symptoms.
--
-- Table:     leaks
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'symptomatic' as column_name,
    coalesce(symptomatic::varchar, '') as found,
    'yes or no, unknown counts as a bound' as allowed
from stg_leaks
where symptomatic is null or symptomatic = 'unknown'
