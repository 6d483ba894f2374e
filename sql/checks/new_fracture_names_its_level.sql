-- A new fracture says at which level it is.
--
-- Table:     complications
-- Category:  completeness
-- Severity:  warning
-- Ruling:    endpoints.md 12; its class is read from the level.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'level' as column_name,
    '' as found,
    'the level, which tells adjacent, remote and treated apart' as allowed
from stg_complications
where type in ('adjacent_fracture', 'remote_fracture', 'refracture') and level is null
