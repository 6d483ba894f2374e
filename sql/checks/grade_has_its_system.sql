-- A grade names the system that it belongs to.
--
-- Table:     complications
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'grade_system' as column_name,
    '' as found,
    'clavien_dindo, sir or ctcae' as allowed
from stg_complications
where grade is not null and grade_system is null
