-- Pain at 6 weeks by procedure year: who was due, who answered, who was in relief.
--
-- Grain:   one row per year, status at the visit, eligibility and answer.
-- Takes:   $cohort.
-- Relief:  E1 v1 at this one visit; eligible = pain baseline of 4 or more, a compared technique.
-- Columns:
--   procedure_year  integer
--   status          varchar  as visit_status says at the close of the window
--   is_eligible     boolean  for relief
--   is_answered     boolean  a pain score of any instrument in the window
--   is_paired       boolean  of the baseline's instrument
--   is_relieved     boolean  and that score is relieved
--   procedures      bigint
with answers as (
    select procedure_key, score, true as is_answered
    from visit_scores
    where kind = 'pain' and visit = '6w'
),

starts as (
    select procedure_key, score as baseline_score
    from baselines
    where kind = 'pain'
)

select
    procedure_year,
    visit_status(60, death_days, next_procedure_days, observed_through_days) as status,
    coalesce(
        baseline_score >= 4 and technique in ('kyphoplasty', 'vertebroplasty', 'implant'), false
    ) as is_eligible,
    coalesce(is_answered, false) as is_answered,
    answers.score is not null as is_paired,
    coalesce(
        answers.score - 1e-9 <= baseline_score - greatest(2, 0.3 * baseline_score), false
    ) as is_relieved,
    count(*) as procedures
from cohort($cohort)
left join starts using (procedure_key)
left join answers using (procedure_key)
group by all
order by all
