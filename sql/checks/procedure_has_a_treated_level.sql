-- A completed procedure has at least one treated level.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'procedure_id' as column_name,
    procedure_id as found,
    'at least one row in treated_levels' as allowed
from stg_procedures
anti join known_treated_levels using (procedure_key)
where
    coalesce(procedure_status <> 'aborted', true)
    and exists (select 1 from known_treated_levels)
