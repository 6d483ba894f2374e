-- A score lies on the scale of its instrument.
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
    'from ' || low || ' to ' || high || ' for ' || instrument as allowed
from stg_assessments
join declared_scores using (instrument)
where score < low or score > high
