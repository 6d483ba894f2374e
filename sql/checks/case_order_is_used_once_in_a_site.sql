-- Two procedures of one site do not share a place in its order.
--
-- Table:     procedures
-- Category:  duplicates
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with shared as (
    select site_id, case_order
    from known_procedures
    where case_order is not null
    group by site_id, case_order
    having count(*) > 1
)

select
    record as record_id,
    'case_order' as column_name,
    case_order::varchar as found,
    'a place of its own within the site' as allowed
from stg_procedures
semi join shared using (site_id, case_order)
