-- Between which scores pain was first seen relieved, by each definition.
--
-- Grain:   one row per procedure with a paired pain score and a baseline of 4 or more.
-- Relief:  endpoints.md E1 v1, same instrument, tolerance 1e-9. e1: score <= baseline -
--          max(2, 0.3 x baseline); half: <= half the baseline; mild: <= 3; two_points:
--          <= baseline - 2.
-- First:   *_first is the first relieved score; null when none was.
-- Before:  *_before is the last unrelieved score before it (of all, when never relieved); 0 when
--          there is none.
-- Caution: scores only; patient-given days, deaths and later procedures come in `relief`.
-- Columns:
--   procedure_key       uinteger  key
--   e1_first            double    day
--   half_first          double    day
--   mild_first          double    day
--   two_points_first    double    day
--   e1_before           double    day
--   half_before         double    day
--   mild_before         double    day
--   two_points_before   double    day
--   e1_last_unrelieved  double    day; 0 when every score was relieved
--   e1_last_relieved    double    day; null when no score was
with cut as (
    select
        procedure_key,
        days,
        score - 1e-9 <= baseline_score - greatest(2, 0.3 * baseline_score) as e1,
        score - 1e-9 <= 0.5 * baseline_score as half,
        score - 1e-9 <= 3 as mild,
        score - 1e-9 <= baseline_score - 2 as two_points
    from followed_scores
    where instrument in ('pain_nrs', 'pain_vas') and baseline_score >= 4
),

seen as (
    select
        procedure_key,
        min(days) filter (where e1) as e1_first,
        min(days) filter (where half) as half_first,
        min(days) filter (where mild) as mild_first,
        min(days) filter (where two_points) as two_points_first,
        coalesce(max(days) filter (where not e1), 0) as e1_last,
        coalesce(max(days) filter (where not half), 0) as half_last,
        coalesce(max(days) filter (where not mild), 0) as mild_last,
        coalesce(max(days) filter (where not two_points), 0) as two_points_last,
        max(days) filter (where e1) as e1_last_relieved
    from cut
    group by procedure_key
),

-- Only those with an unrelieved score after a relieved one need a second look.
relapsed as (
    select *
    from seen
    where
        e1_last > e1_first or half_last > half_first
        or mild_last > mild_first or two_points_last > two_points_first
),

before_relapse as (
    select
        procedure_key,
        coalesce(max(days) filter (where not e1 and days < e1_first), 0) as e1_before,
        coalesce(max(days) filter (where not half and days < half_first), 0) as half_before,
        coalesce(max(days) filter (where not mild and days < mild_first), 0) as mild_before,
        coalesce(max(days) filter (where not two_points and days < two_points_first), 0)
            as two_points_before
    from cut
    join relapsed using (procedure_key)
    group by procedure_key
)

select
    procedure_key,
    e1_first,
    half_first,
    mild_first,
    two_points_first,
    case when e1_last > e1_first then e1_before else e1_last end as e1_before,
    case when half_last > half_first then half_before else half_last end as half_before,
    case when mild_last > mild_first then mild_before else mild_last end as mild_before,
    case when two_points_last > two_points_first then two_points_before else two_points_last end
        as two_points_before,
    e1_last as e1_last_unrelieved,
    e1_last_relieved
from seen
left join before_relapse using (procedure_key)
