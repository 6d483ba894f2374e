-- What was answered at each visit: counts and sums from which shares and means come.
--
-- Grain:   one row per cause, technique, visit, status and whether eligible for relief.
-- Takes:   $cohort; $kind of score, 'pain' or 'odi'.
-- Status:  as visit_status; answers of procedures not due are kept apart by it.
-- Relief:  E1 v1 at this one visit; counted for pain with a baseline of 4 or more.
-- Columns:
--   cause           cause_word
--   technique       technique_word
--   visit           varchar
--   status          varchar  'due', 'died', 'treated_again' or 'not_yet'
--   is_eligible     boolean  pain baseline of 4 or more, a compared technique, a paired score
--   answered        bigint   procedures with a score of any instrument of the kind
--   paired          bigint   with a score of the instrument of the baseline
--   relieved        bigint   of those paired
--   change          double   sum of score - baseline over those paired
--   square_change   double   sum of its squares
--   score_sum       double   sum of the scores of those paired
--   baseline_sum    double   sum of their baselines
with visits (visit, closes) as (
    values ('2h', 0.5), ('24h', 2), ('1w', 14), ('6w', 60),
    ('3mo', 135), ('6mo', 270), ('12mo', 540), ('24mo', 910)
),

paired_scores as (
    select
        procedure_key,
        visit,
        score,
        baseline_score,
        score - 1e-9 <= baseline_score - greatest(2, 0.3 * baseline_score) as is_relieved,
        score - baseline_score as change
    from visit_scores
    where kind = $kind
)

select
    cause,
    technique,
    visit,
    visit_status(closes, death_days, next_procedure_days, observed_through_days) as status,
    coalesce(
        $kind = 'pain' and baseline_score >= 4
        and technique in ('kyphoplasty', 'vertebroplasty', 'implant'),
        false
    ) as is_eligible,
    count(*) as answered,
    count(score) as paired,
    count(*) filter (where is_relieved) as relieved,
    coalesce(sum(change), 0) as change,
    coalesce(sum(change * change), 0) as square_change,
    coalesce(sum(score), 0) as score_sum,
    coalesce(sum(baseline_score), 0) as baseline_sum
from cohort($cohort)
join paired_scores using (procedure_key)
join visits using (visit)
group by all
order by all
