-- A fracture from osteoporosis did not need a high-energy injury.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'fracture_energy' as column_name,
    fracture_energy::varchar as found,
    'low or unknown where cause is osteoporosis' as allowed
from stg_procedures
where cause = 'osteoporosis' and fracture_energy = 'high'
