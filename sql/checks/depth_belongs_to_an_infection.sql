-- Only an infection has a depth.
--
-- Table:     complications
-- Category:  conformance
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'infection_depth' as column_name,
    infection_depth::varchar as found,
    'none unless type is infection' as allowed
from stg_complications
where type <> 'infection' and infection_depth is not null
