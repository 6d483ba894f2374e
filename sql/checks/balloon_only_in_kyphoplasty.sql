-- A vertebroplasty inflates no balloon.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'balloon_count' as column_name,
    balloon_count::varchar as found,
    'none, or another technique' as allowed
from stg_procedures
where technique = 'vertebroplasty' and balloon_count > 0
