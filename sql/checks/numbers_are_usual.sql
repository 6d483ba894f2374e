-- A number lies within the limits that are usual for its column.
--
-- Table:     every table
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    column_name,
    found,
    allowed
from unusual_cells
where table_name = $table_name
