-- A score of an instrument of whole numbers has no fraction.
--
-- Table:     assessments
-- Category:  conformance
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'score' as column_name,
    score::varchar as found,
    'a whole number for ' || instrument as allowed
from stg_assessments
join declared_scores using (instrument)
where is_whole and score <> trunc(score)
