-- A procedure names its surgeon.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'surgeon_id' as column_name,
    '' as found,
    'the surrogate of the surgeon' as allowed
from stg_procedures
where surgeon_id is null
