-- How the waits for relief and for activity ended, by procedure year.
--
-- Grain:   one row per definition, year, kind of end and day.
-- Takes:   $cohort; $horizon in days.
-- Caution: visit-dated. Whoever is still waiting at the horizon has a day after it, kind 0.
-- Columns:
--   definition      varchar  'e1' of the mart `relief`, 'activity' of `recovery`
--   procedure_year  integer
--   kind            integer  0 nothing seen, 1 the event, 2 death or a later procedure first
--   day             double
--   procedures      bigint
with waits as (
    select definition, procedure_key, end_kind, end_days
    from relief
    where definition = 'e1'
    union all
    select definition, procedure_key, end_kind, end_days
    from recovery
    where definition = 'activity'
)

select
    definition,
    procedure_year,
    case when end_days <= $horizon then end_kind else 0 end as kind,
    least(end_days, $horizon + 1) as day,
    count(*) as procedures
from waits
join cohort($cohort) using (procedure_key)
group by all
order by all
