-- Who counts towards relief, and why the others do not.
--
-- Grain:   one row per cause, technique and reason.
-- Takes:   $cohort.
-- Reason:  'technique_not_compared', 'no_baseline', 'below_floor' (baseline under 4), else
--          'asked_again' or 'never_asked_again': eligible, with or without a later paired score.
-- Columns:
--   cause       cause_word
--   technique   technique_word
--   reason      varchar
--   procedures  bigint
with pain as (
    select procedure_key, score
    from baselines
    where kind = 'pain'
),

asked as (
    select procedure_key
    from relief_seen
)

select
    cause,
    technique,
    case
        when technique not in ('kyphoplasty', 'vertebroplasty', 'implant')
            then 'technique_not_compared'
        when score is null then 'no_baseline'
        when score < 4 then 'below_floor'
        when asked.procedure_key is null then 'never_asked_again'
        else 'asked_again'
    end as reason,
    count(*) as procedures
from cohort($cohort)
left join pain using (procedure_key)
left join asked using (procedure_key)
group by all
order by all
