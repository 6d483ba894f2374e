-- How many treated levels were checked for a cement leak and leaked, as patterns over procedures.
--
-- Grain:   one row per cause, technique, year, modality and pattern of levels within a procedure.
-- Takes:   $cohort; $by_year, whether years are told apart.
-- Unit:    endpoints.md ruling 15: a level counts under its procedure's technique and cause.
-- Caution: modalities are never pooled. 'not_checked' and 'not_recorded' (checked, nobody wrote
--          how) enter no denominator. A procedure has one row per modality of its levels.
-- Columns:
--   cause               cause_word
--   technique           technique_word
--   procedure_year      integer  null unless $by_year
--   modality            varchar  'fluoroscopy', 'radiograph', 'ct', 'not_recorded', 'not_checked'
--   levels              bigint   levels of the procedure checked in this way
--   leaking             hugeint  those with any leak
--   symptomatic         hugeint  those with a leak that caused symptoms
--   symptoms_unknown    hugeint  those with a leak of which that is not known, and none that did
--   has_other_levels    boolean  the procedure has levels not checked in this way
--   procedures          bigint   procedures of this pattern
with leaking_levels as (
    select
        procedure_key,
        level,
        case
            when max(case when symptomatic::varchar = 'yes' then 1 else 0 end) = 1 then 'yes'
            when max(case when symptomatic::varchar = 'no' then 0 else 1 end) = 1 then 'unknown'
            else 'no'
        end as symptomatic
    from leaks
    group by procedure_key, level
),

by_modality as (
    select
        chosen.procedure_key,
        chosen.cause,
        chosen.technique,
        chosen.procedure_year,
        case
            when coalesce(leak_checked::varchar, 'no') = 'yes'
                then coalesce(leak_modality::varchar, 'not_recorded')
            else 'not_checked'
        end as modality,
        count(*) as levels,
        sum(case when symptomatic is not null then 1 else 0 end) as leaking,
        sum(case when symptomatic = 'yes' then 1 else 0 end) as symptomatic,
        sum(case when symptomatic = 'unknown' then 1 else 0 end) as symptoms_unknown
    from cohort($cohort) as chosen
    join treated_levels using (procedure_key)
    left join leaking_levels using (procedure_key, level)
    group by all
),

beside as (
    select *, count(*) over (partition by procedure_key) > 1 as has_other_levels
    from by_modality
)

select
    cause,
    technique,
    case when $by_year then procedure_year end as procedure_year,
    modality,
    levels,
    leaking,
    symptomatic,
    symptoms_unknown,
    has_other_levels,
    count(*) as procedures
from beside
group by all
order by all
