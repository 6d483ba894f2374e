-- A score before the procedure is of the 30 days before it.
--
-- Table:     assessments
-- Category:  temporal
-- Severity:  warning
-- Ruling:    endpoints.md, visit windows: baseline is day -30 to 0.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'days' as column_name,
    days::varchar as found,
    'from -30, earlier scores are no baseline and used by nothing' as allowed
from stg_assessments
where days < -30
