-- The cement of one session is usually at most 25 mL.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with counted as (
    select procedure_key, sum(cement_ml) as session_ml
    from known_treated_levels
    group by procedure_key
    having sum(cement_ml) > 25
)

select
    record as record_id,
    'procedure_id' as column_name,
    session_ml || ' mL' as found,
    'usually up to 25 mL over all levels' as allowed
from stg_procedures
join counted using (procedure_key)
