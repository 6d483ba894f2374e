-- Disability before the procedure is an RMDQ of 8 or more.
--
-- Table:     assessments
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'score' as column_name,
    score::varchar as found,
    'usually 8 or more at baseline' as allowed
from stg_assessments
where instrument = 'rmdq' and days between -30 and 0 and score < 8
