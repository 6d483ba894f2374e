-- A procedure says to which day it is observed and when the last contact was.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'last_contact_days' as column_name,
    '' as found,
    'a day in both last_contact_days and observed_through_days' as allowed
from stg_procedures
where last_contact_days is null or observed_through_days is null
