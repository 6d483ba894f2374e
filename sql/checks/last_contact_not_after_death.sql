-- The last contact with a patient is not after the death.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'last_contact_days' as column_name,
    last_contact_days::varchar as found,
    'up to death_days' as allowed
from stg_procedures
where last_contact_days > death_days
