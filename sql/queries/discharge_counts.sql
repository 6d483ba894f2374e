-- Home the same day after office and outpatient procedures, and hours of stay of inpatients.
--
-- Grain:   one row per cause, technique, year, whether inpatient, and same_day.
-- Takes:   $cohort; $by_year, whether years are told apart.
-- Caution: endpoints.md: same-day discharge is for office and outpatient only; hours are for
--          inpatients only. An unknown setting enters neither.
-- Columns:
--   cause           cause_word
--   technique       technique_word
--   procedure_year  integer  null unless $by_year
--   setting         varchar  'home' (office or outpatient), 'inpatient' or 'unknown'
--   same_day        varchar  'yes', 'no' or 'unknown'
--   procedures      bigint
--   with_hours      bigint   those whose stay is recorded
--   hours           double   sum of their hours
--   hours_squared   double   sum of the squares
select
    cause,
    technique,
    case when $by_year then procedure_timeline.procedure_year end as procedure_year,
    case
        when procedure_timeline.setting in ('office', 'outpatient') then 'home'
        else procedure_timeline.setting
    end as setting,
    coalesce(same_day_discharge::varchar, 'unknown') as same_day,
    count(*) as procedures,
    count(length_of_stay_hours) as with_hours,
    -- Exact decimals: a sum of doubles would depend on the order of the rows.
    sum(length_of_stay_hours::decimal(18, 6))::double as hours,
    sum((length_of_stay_hours * length_of_stay_hours)::decimal(18, 6))::double as hours_squared
from cohort($cohort) as procedure_timeline
join (
    select procedure_key, same_day_discharge, length_of_stay_hours from procedures
) using (procedure_key)
group by all
order by all
