-- A readmission says whether it was planned.
--
-- Table:     complications
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'planned' as column_name,
    '' as found,
    'yes or no, unplanned ones are counted' as allowed
from stg_complications
where type = 'readmission' and planned is null
