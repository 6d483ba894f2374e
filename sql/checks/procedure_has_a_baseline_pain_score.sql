-- A completed procedure has a pain score within 30 days before it.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'procedure_id' as column_name,
    procedure_id as found,
    'a pain_nrs or pain_vas score on day -30 to 0' as allowed
from stg_procedures
anti join pain_baselines using (procedure_key)
where
    coalesce(procedure_status <> 'aborted', true)
    and exists (select 1 from pain_baselines)
