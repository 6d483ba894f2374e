-- How many procedures of a cohort are due at each visit, and why the others are not.
--
-- Grain:    one row per cause, technique, visit, standing of the baseline and status.
-- Takes:    $cohort; $kind of baseline, 'pain' or 'odi'.
-- Standing: 'none' recorded; 'eligible' for relief (pain of 4 or more and a compared technique);
--           'recorded' else.
-- Status:   as visit_status.
-- Columns:
--   cause       cause_word
--   technique   technique_word
--   visit       varchar
--   standing    varchar
--   status      varchar  'due', 'died', 'treated_again' or 'not_yet'
--   procedures  bigint
with visits (visit, closes) as (
    values ('2h', 0.5), ('24h', 2), ('1w', 14), ('6w', 60),
    ('3mo', 135), ('6mo', 270), ('12mo', 540), ('24mo', 910)
),

starts as (
    select procedure_key, score
    from baselines
    where kind = $kind
),

followed as (
    select
        cause,
        technique,
        death_days,
        next_procedure_days,
        observed_through_days,
        case
            when score is null then 'none'
            when
                $kind = 'pain' and score >= 4
                and technique in ('kyphoplasty', 'vertebroplasty', 'implant')
                then 'eligible'
            else 'recorded'
        end as standing
    from cohort($cohort)
    left join starts using (procedure_key)
)

select
    cause,
    technique,
    visit,
    standing,
    visit_status(closes, death_days, next_procedure_days, observed_through_days) as status,
    count(*) as procedures
from followed
cross join visits
group by all
order by all
