-- A level has the cause of its procedure.
--
-- Table:     treated_levels
-- Category:  cross-table
-- Severity:  warning
-- Ruling:    endpoints.md 15.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'cause' as column_name,
    levels.cause::varchar as found,
    'that of its procedure, under which it is counted' as allowed
from stg_treated_levels as levels
join known_procedures as procedures using (procedure_key)
where levels.cause <> procedures.cause
