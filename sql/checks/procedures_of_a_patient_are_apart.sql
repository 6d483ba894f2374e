-- Two procedures of one patient are at least a day apart.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Caution:   levels treated in one session are one procedure; split, each ends the other's follow-up.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'days_since_previous_procedure' as column_name,
    days_since_previous_procedure::varchar as found,
    'a day or more, or one procedure with all of its levels' as allowed
from stg_procedures
where days_since_previous_procedure < 1
