-- How many procedures of a cohort were watched for an event to each horizon, and how that ended.
--
-- Grain:   one row per horizon, cause, technique, year, ending and day of ending.
-- Takes:   $cohort; $way of watching and $horizons, as watched_for_events takes them; $by_year,
--          whether years are told apart.
-- Columns:
--   horizon         integer               days
--   cause           cause_word
--   technique       technique_word
--   procedure_year  integer               null unless $by_year
--   ending          varchar               as watched_for_events says
--   ending_days     double                the horizon itself where followed
--   procedures      bigint
select
    horizon,
    cause,
    technique,
    case when $by_year then procedure_year end as procedure_year,
    ending,
    case
        when ending = 'followed' then horizon
        when ending in ('died', 'lost') then ending_days
    end as ending_days,
    count(*) as procedures
from watched_for_events($cohort, $way, $horizons)
group by all
order by all
