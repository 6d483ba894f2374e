-- Events of some kinds in a cohort, by day, beside how those procedures would have ended without.
--
-- Grain:   one row per kind, horizon, cause, technique, year, status, its day, ending and its day.
-- Takes:   $cohort; $way and $horizons, as watched_for_events takes them; $kinds of first_events;
--          $by_year, whether years are told apart.
-- Status:  'event' by the horizon; 'followed' when it came after the horizon, so that the procedure
--          was event-free to it; 'day_unknown'. Ruling 4: an event counts after the last contact,
--          but never after death. Whole rows move from their own ending to this status.
-- Columns:
--   kind            varchar         of first_events
--   horizon         integer         days
--   cause           cause_word
--   technique       technique_word
--   procedure_year  integer         null unless $by_year
--   status          varchar         'event', 'followed' or 'day_unknown'
--   status_days     double          null when unknown
--   ending          varchar         'died', 'lost' or 'followed'
--   ending_days     double          as event_watch
--   procedures      bigint
with timed as (
    select
        watched.*,
        kind,
        first_days - start_days as event_days
    from watched_for_events($cohort, $way, $horizons) as watched
    join first_events using (procedure_key)
    where
        list_contains($kinds, kind)
        and ending in ('died', 'lost', 'followed')
        and coalesce(first_days <= death_days, true)
)

select
    kind,
    horizon,
    cause,
    technique,
    case when $by_year then procedure_year end as procedure_year,
    case
        when event_days is null then 'day_unknown'
        when event_days <= horizon then 'event'
        else 'followed'
    end as status,
    case
        when event_days <= horizon then event_days
        when event_days > horizon then horizon
    end as status_days,
    ending,
    case when ending = 'followed' then horizon else ending_days end as ending_days,
    count(*) as procedures
from timed
group by all
order by all
