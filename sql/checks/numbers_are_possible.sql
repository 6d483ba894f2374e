-- A number lies within the hard limits of its column.
--
-- Table:     every table
-- Category:  plausibility
-- Severity:  error
-- Returns:   the offending cells of $table_name; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    column_name,
    found,
    allowed
from bad_cells
where table_name = $table_name and problem = 'limits'
