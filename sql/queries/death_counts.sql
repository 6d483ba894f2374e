-- Deaths after the latest procedure of each patient, by day, beside the end of follow-up.
--
-- Grain:   one row per horizon, cause, ending and its day.
-- Takes:   $cohort; $horizons in days.
-- Unit:    endpoints.md ruling 11: one row per patient, its latest completed procedure, dropped if
--          outside the cohort's filters. Never by technique.
-- Ending:  'died' by the horizon, 'lost' before it, 'followed' to it, 'not_observed'.
-- Columns:
--   horizon      integer     days
--   cause        cause_word
--   ending       varchar     as above
--   ending_days  double      null where not observed
--   procedures   bigint      patients, each by one procedure
with latest as (
    select
        cause,
        observed_through_days,
        death_days,
        last_known_alive_days,
        unnest($horizons) as horizon
    from cohort(struct_update($cohort, unit := 'all'))
    where is_latest_completed and is_order_known
)

select
    horizon,
    cause,
    case
        when coalesce(observed_through_days < horizon, true) then 'not_observed'
        when death_days <= horizon then 'died'
        when death_days is null and last_known_alive_days < horizon then 'lost'
        else 'followed'
    end as ending,
    case
        when observed_through_days >= horizon
            then least(coalesce(death_days, last_known_alive_days), horizon)::double
    end as ending_days,
    count(*) as procedures
from latest
group by all
order by all
