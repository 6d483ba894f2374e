-- A complication that cement outside the vertebra brought about has a leak on record.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'mechanism' as column_name,
    mechanism::varchar as found,
    'a record in leaks, rates of leaks are counted from there' as allowed
from stg_complications
anti join known_leaks using (procedure_key)
where mechanism = 'cement_extravasation' and procedure_key is not null
