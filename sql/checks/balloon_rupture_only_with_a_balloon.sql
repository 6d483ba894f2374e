-- A balloon bursts only where a balloon was inflated.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'type' as column_name,
    'balloon_rupture' as found,
    'another complication, or a technique with a balloon' as allowed
from stg_complications
join known_procedures using (procedure_key)
where type = 'balloon_rupture' and technique = 'vertebroplasty'
