-- How it was known that activity, work or walking was back.
--
-- Grain:   one row per cause, technique and source.
-- Takes:   $cohort; $definition of the mart `recovery`; $horizon in days.
-- Columns:
--   cause       cause_word
--   technique   technique_word
--   source      varchar  'day' the patient gave, or 'score'
--   procedures  bigint   with the event by the horizon
with events as (
    select procedure_key, source
    from recovery
    where definition = $definition and end_kind = 1 and end_days <= $horizon
)

select
    cause,
    technique,
    source,
    count(*) as procedures
from cohort($cohort)
join events using (procedure_key)
group by all
order by all
