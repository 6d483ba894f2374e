-- Change of a score by visit, summed within patients: for intervals where a patient counts twice.
--
-- Grain:   one row per stratum, visit, number of scores of a patient and their summed change.
-- Takes:   $cohort; $kind of score, 'pain' or 'odi'.
-- Strata:  all together (cause and technique null), each cause (technique null), each technique
--          within a cause; a patient is one cluster in each. Procedures due at the visit only.
-- Columns:
--   cause      cause_word      null for all
--   technique  technique_word  null for all
--   visit      varchar
--   scores     bigint          of the patient at this visit
--   change     double          their sum
--   patients   bigint
with visits (visit, closes) as (
    values ('2h', 0.5), ('24h', 2), ('1w', 14), ('6w', 60),
    ('3mo', 135), ('6mo', 270), ('12mo', 540), ('24mo', 910)
),

changes as (
    select
        cause,
        technique,
        visit,
        patient_key,
        score - baseline_score as change
    from cohort($cohort)
    join visit_scores using (procedure_key)
    join visits using (visit)
    where
        kind = $kind
        and score is not null
        and visit_status(closes, death_days, next_procedure_days, observed_through_days) = 'due'
),

by_patient as (
    select cause, technique, visit, patient_key, count(*) as scores, sum(change) as change
    from changes
    group by grouping sets (
        (visit, patient_key), (cause, visit, patient_key), (cause, technique, visit, patient_key)
    )
)

select cause, technique, visit, scores, change, count(*) as patients
from by_patient
group by all
order by all
