-- Pain scores are points of 10, not of 100.
--
-- Table:     assessments
-- Category:  conformance
-- Severity:  fatal
-- Caution:   where a fifth of 20 scores or more is above 10, those up to 10 are not trusted either.
-- Returns:   every pain score that would be loaded; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with distrusted as (
    select instrument
    from stg_assessments
    where instrument in ('pain_nrs', 'pain_vas') and score is not null
    group by instrument
    having count(*) >= 20 and avg((score > 10)::integer) >= 0.2
)

select
    record as record_id,
    'score' as column_name,
    score::varchar as found,
    'points of 10, declare a scale of 100 in a mapping' as allowed
from stg_assessments
where instrument in (select instrument from distrusted) and score between 0 and 10
