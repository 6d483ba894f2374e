-- How a cohort was watched for an event, to each day asked for.
--
-- Grain:   one row per procedure of the cohort and horizon.
-- Watched: 'observed' to the data cut; 'reviewed' also for complications (ruling 13); 'imaged' also
--          by an image after day 60; 'chest_ct' also by a chest CT; 'discharged' as reviewed, with
--          days counted from discharge.
-- Ending:  'died' by the horizon, 'lost' before it, 'followed' to it; these three are eligible.
--          'not_observed', 'not_reviewed', 'not_imaged' and 'not_discharged' are counted apart.
-- Caution: endpoints.md ruling 4: a death counts even after the last contact.
-- Columns: procedure_key, cause, technique, procedure_year, horizon, start_days, death_days, ending,
--          ending_days (days from start_days, at most the horizon).
create or replace macro watched_for_events(chosen, way, horizons) as table
with clocks as (
    select
        procedure_key,
        cause,
        technique,
        procedure_year,
        event_follow_up.observed_through_days,
        reviewed_to_days,
        event_follow_up.death_days,
        event_follow_up.last_known_alive_days,
        case when way = 'discharged' then discharge_days else 0 end as start_days,
        case way
            when 'imaged' then is_imaged_later
            when 'chest_ct' then has_chest_ct
            else true
        end as is_imaged,
        unnest(horizons) as horizon
    from cohort(chosen)
    join event_follow_up using (procedure_key)
)

select
    procedure_key,
    cause,
    technique,
    procedure_year,
    horizon,
    start_days,
    death_days,
    case
        when coalesce(observed_through_days < start_days + horizon, true) then 'not_observed'
        when
            way <> 'observed'
            and coalesce(
                reviewed_to_days < least(start_days + horizon, coalesce(death_days, start_days + horizon)),
                true
            )
            then 'not_reviewed'
        when not is_imaged then 'not_imaged'
        when death_days < start_days then 'not_discharged'
        when death_days <= start_days + horizon then 'died'
        when death_days is null and last_known_alive_days < start_days + horizon then 'lost'
        else 'followed'
    end as ending,
    greatest(
        least(coalesce(death_days, last_known_alive_days) - start_days, horizon), 0
    )::double as ending_days
from clocks
