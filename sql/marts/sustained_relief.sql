-- When relief that lasted was first seen.
--
-- Grain:     one row per procedure with sustained relief.
-- Sustained: endpoints.md E2 and ruling 3: a relieved score followed, with no unrelieved score
--            between, by a relieved score at least 7 days later, however many lie between; dated
--            at the first. Relieved as in E1.
-- Caution:   scores are put in order only where an unrelieved one follows a relieved one; for
--            the rest, the stretch runs from the first relieved score to the last.
-- Columns:
--   procedure_key         uinteger  key
--   last_unrelieved_days  double    the last unrelieved score before the stretch; 0 when none
--   first_relieved_days   double    the first score of the stretch
--   confirmed_days        double    the last score of the stretch
with scored as (
    select
        followed_scores.procedure_key,
        followed_scores.days,
        score - 1e-9 <= baseline_score - greatest(2, 0.3 * baseline_score) as is_relieved
    from followed_scores
    join relief_seen using (procedure_key)
    where
        e1_last_unrelieved > e1_first
        and instrument in ('pain_nrs', 'pain_vas')
        and baseline_score is not null
),

numbered as (
    select
        *,
        sum(case when is_relieved then 0 else 1 end) over (
            partition by procedure_key order by days
            rows between unbounded preceding and current row
        ) as unrelieved_so_far
    from scored
),

stretches as (
    select
        procedure_key,
        coalesce(max(days) filter (where not is_relieved), 0) as last_unrelieved_days,
        min(days) filter (where is_relieved) as first_relieved_days,
        max(days) filter (where is_relieved) as confirmed_days
    from numbered
    group by procedure_key, unrelieved_so_far
    union all
    select procedure_key, e1_before, e1_first, e1_last_relieved
    from relief_seen
    where e1_last_unrelieved < e1_first
)

select
    procedure_key,
    arg_min(last_unrelieved_days, first_relieved_days) as last_unrelieved_days,
    min(first_relieved_days) as first_relieved_days,
    arg_min(confirmed_days, first_relieved_days) as confirmed_days
from stretches
where confirmed_days - first_relieved_days >= 7 - 1e-9
group by procedure_key
