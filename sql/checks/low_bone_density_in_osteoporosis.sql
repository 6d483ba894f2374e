-- A fracture from osteoporosis has a T-score of 0 or lower.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    't_score' as column_name,
    t_score::varchar as found,
    '0 or lower where cause is osteoporosis' as allowed
from stg_procedures
where cause = 'osteoporosis' and t_score > 0
