-- A new fracture of one level on one day is recorded once.
--
-- Table:     complications
-- Category:  duplicates
-- Severity:  warning
-- Ruling:    endpoints.md 12.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with fractures as (
    select procedure_key, level, onset_days
    from known_complications
    where type in ('adjacent_fracture', 'remote_fracture', 'refracture') and level is not null
    group by procedure_key, level, onset_days
    having count(*) > 1
)

select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'one record, they are counted as one' as allowed
from stg_complications as stg
join fractures using (procedure_key, level)
where
    type in ('adjacent_fracture', 'remote_fracture', 'refracture')
    and stg.onset_days is not distinct from fractures.onset_days
