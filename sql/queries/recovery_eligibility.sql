-- Who counts towards return to activity, to work or to unaided walking, and why others do not.
--
-- Grain:   one row per cause, technique and reason.
-- Takes:   $cohort; $definition of the mart `recovery`.
-- Reason:  the first that applies: 'no_baseline', 'at_goal_before' (ODI of 20 or less, walking
--          unaided), 'dependent_before', 'activity_before_not_recorded', 'not_employed_before',
--          'employment_not_recorded', 'not_applicable', 'not_answered' (activity_day only),
--          'day_unknown'; else 'counted'.
-- Columns:
--   cause       cause_word
--   technique   technique_word
--   reason      varchar
--   procedures  bigint
with counted as (
    select procedure_key
    from recovery
    where definition = $definition
),

people as (
    select
        chosen.cause,
        chosen.technique,
        activity_before::varchar as activity_before,
        employed_before::varchar as employed_before,
        coalesce(return_to_activity_status::varchar, '') as activity_answer,
        coalesce(return_to_work_status::varchar, '') as work_answer,
        baselines.score,
        counted.procedure_key is not null as is_counted
    from cohort($cohort) as chosen
    join procedures on chosen.procedure_key = procedures.procedure_key
    left join counted on chosen.procedure_key = counted.procedure_key
    left join baselines
        on
            chosen.procedure_key = baselines.procedure_key
            and baselines.kind = case when $definition = 'walking' then 'walking' else 'odi' end
)

select
    cause,
    technique,
    case
        when is_counted then 'counted'
        when $definition = 'work' then case
            when employed_before = 'no' then 'not_employed_before'
            when employed_before = 'yes' and work_answer = 'not_applicable' then 'not_applicable'
            when employed_before = 'yes' then 'day_unknown'
            else 'employment_not_recorded'
        end
        when $definition <> 'walking' and activity_before is null
            then 'activity_before_not_recorded'
        when $definition <> 'walking' and activity_before = 'dependent' then 'dependent_before'
        when score is null then 'no_baseline'
        when score <= 20 + 1e-9 then 'at_goal_before'
        when activity_answer not in ('happened', 'not_yet') then 'not_answered'
        else 'day_unknown'
    end as reason,
    count(*) as procedures
from people
group by all
order by all
