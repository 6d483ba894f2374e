-- Correction of kyphosis and change of height at treated levels, as sums over procedures.
--
-- Grain:   one row per cause, technique, year, measure, status and pattern within a procedure.
-- Takes:   $cohort; $by_year, whether years are told apart.
-- Sign:    correction = angle before - angle after (kyphosis positive); change of height = after -
--          before, in % of the neighbours' mean anterior height. Above 0 is straighter or taller.
-- Status:  'counted' needs both values and the same position in both images; 'position_differs',
--          'position_unknown' and 'not_recorded' are counted apart.
-- Columns:
--   cause           cause_word
--   technique       technique_word
--   procedure_year  integer  null unless $by_year
--   measure         varchar  'kyphosis_correction' or 'height_change'
--   status          varchar  as above
--   levels          bigint   levels of the procedure with this status
--   total           double   sum of their changes; null unless counted
--   procedures      bigint   procedures of this pattern
with changes as (
    select
        procedure_key,
        'kyphosis_correction' as measure,
        kyphotic_angle_pre - kyphotic_angle_post as change,
        image_position_pre,
        image_position_post
    from treated_levels
    union all
    select
        procedure_key,
        'height_change',
        anterior_height_pct_post - anterior_height_pct_pre,
        image_position_pre,
        image_position_post
    from treated_levels
),

placed as (
    select
        procedure_key,
        measure,
        change,
        case
            when change is null then 'not_recorded'
            when image_position_pre is null or image_position_post is null then 'position_unknown'
            when image_position_pre <> image_position_post then 'position_differs'
            else 'counted'
        end as status
    from changes
),

by_procedure as (
    select
        procedure_key,
        cause,
        technique,
        procedure_year,
        measure,
        status,
        count(*) as levels,
        case when status = 'counted' then round(sum(change), 6) end as total
    from cohort($cohort)
    join placed using (procedure_key)
    group by procedure_key, cause, technique, procedure_year, measure, status
)

select
    cause,
    technique,
    case when $by_year then procedure_year end as procedure_year,
    measure,
    status,
    levels,
    total,
    count(*) as procedures
from by_procedure
group by all
order by all
