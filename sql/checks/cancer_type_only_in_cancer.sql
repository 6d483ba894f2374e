-- A kind of cancer is given only where cancer is the cause.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'cancer_type' as column_name,
    cancer_type::varchar as found,
    'none, or cause cancer' as allowed
from stg_procedures
where cancer_type is not null and cause <> 'cancer'
