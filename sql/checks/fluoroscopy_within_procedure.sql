-- Fluoroscopy is not longer than the procedure.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'fluoroscopy_minutes' as column_name,
    fluoroscopy_minutes::varchar as found,
    'up to procedure_minutes' as allowed
from stg_procedures
where fluoroscopy_minutes > procedure_minutes
