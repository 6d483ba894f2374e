-- Fluoroscopy minutes and treated levels of procedures, as patterns.
--
-- Grain:   one row per cause, technique, year, number of levels and minutes.
-- Takes:   $cohort; $by_year, whether years are told apart.
-- Columns:
--   cause           cause_word
--   technique       technique_word
--   procedure_year  integer  null unless $by_year
--   levels          bigint   treated levels of the procedure; 0 where none is recorded
--   minutes         double   fluoroscopy minutes; null when not recorded
--   procedures      bigint
with level_counts as (
    select procedure_key, count(*) as levels
    from treated_levels
    group by procedure_key
)

select
    cause,
    technique,
    case when $by_year then procedure_year end as procedure_year,
    coalesce(level_counts.levels, 0) as levels,
    round(fluoroscopy_minutes, 1) as minutes,
    count(*) as procedures
from cohort($cohort) as chosen
join (select procedure_key, fluoroscopy_minutes from procedures) using (procedure_key)
left join level_counts using (procedure_key)
group by all
order by all
