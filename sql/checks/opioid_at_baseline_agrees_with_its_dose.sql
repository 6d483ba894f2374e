-- A patient without an opioid at baseline has no opioid dose at baseline.
--
-- Table:     assessments
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'score' as column_name,
    score::varchar as found,
    '0 where opioid_at_baseline is no' as allowed
from stg_assessments
join known_procedures using (procedure_key)
where
    instrument = 'opioid_mme'
    and days between -30 and 0
    and score > 0
    and opioid_at_baseline = 'no'
