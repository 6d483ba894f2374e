-- A level that was checked for leaks says by what.
--
-- Table:     treated_levels
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'leak_modality' as column_name,
    '' as found,
    'fluoroscopy, radiograph or ct' as allowed
from stg_treated_levels
where leak_checked = 'yes' and leak_modality is null
