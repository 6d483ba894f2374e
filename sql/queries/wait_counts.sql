-- How the wait for an event ended, by day: what curves are drawn from.
--
-- Grain:   one row per cause, technique, kind of end and day.
-- Takes:   $cohort; $definition of the marts `relief` and `recovery`; $horizon in days.
-- Caution: whoever is still waiting at the horizon has one row a day after it, kind 0: at risk
--          on every day drawn.
-- Columns:
--   cause       cause_word
--   technique   technique_word
--   kind        integer  0 nothing seen, 1 the event, 2 death or a later procedure first
--   day         double   visit-dated
--   procedures  bigint
with waits as (
    select procedure_key, end_kind, end_days
    from relief
    where definition = $definition
    union all
    select procedure_key, end_kind, end_days
    from recovery
    where definition = $definition
)

select
    cause,
    technique,
    case when end_days <= $horizon then end_kind else 0 end as kind,
    least(end_days, $horizon + 1) as day,
    count(*) as procedures
from waits
join cohort($cohort) using (procedure_key)
group by all
order by all
