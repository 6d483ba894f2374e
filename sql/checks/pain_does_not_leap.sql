-- From one score to the next, pain after the procedure rises by less than 8 points.
--
-- Table:     assessments
-- Category:  plausibility
-- Severity:  warning
-- Caution:   a new fracture may do so; more often a score is of another patient or another scale.
-- Returns:   the higher score; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with wide as (
    select procedure_key, instrument
    from known_assessments
    where days > 0 and instrument in ('pain_nrs', 'pain_vas')
    group by procedure_key, instrument
    having max(score) - min(score) >= 8
),

followed as (
    select
        procedure_key,
        instrument,
        days,
        score
        - lag(score) over (partition by procedure_key, instrument order by days) as rise
    from known_assessments
    semi join wide using (procedure_key, instrument)
    where days > 0
)

select
    stg.record as record_id,
    'score' as column_name,
    stg.score::varchar as found,
    'less than 8 above the score before' as allowed
from stg_assessments as stg
join followed using (procedure_key, instrument, days)
where rise >= 8
