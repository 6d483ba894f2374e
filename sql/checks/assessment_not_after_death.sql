-- Nobody is assessed after the death.
--
-- Table:     assessments
-- Category:  temporal
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'days' as column_name,
    days::varchar as found,
    'up to death_days' as allowed
from stg_assessments
join known_procedures using (procedure_key)
where death_days is not null and days > death_days
