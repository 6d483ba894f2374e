-- An infection says whether it was superficial or deep.
--
-- Table:     complications
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'infection_depth' as column_name,
    '' as found,
    'superficial or deep, unknown depth counts as a bound' as allowed
from stg_complications
where type = 'infection' and infection_depth is null
