-- One event of a kind on one day is recorded once.
--
-- Table:     complications
-- Category:  duplicates
-- Severity:  warning
-- Ruling:    endpoints.md 16.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with events as (
    select procedure_key, type, onset_days
    from known_complications
    where level is null and type <> 'other'
    group by procedure_key, type, onset_days
    having count(*) > 1
)

select
    record as record_id,
    'type' as column_name,
    type::varchar as found,
    'one record of the same event' as allowed
from stg_complications as stg
join events using (procedure_key, type)
where level is null and stg.onset_days is not distinct from events.onset_days
