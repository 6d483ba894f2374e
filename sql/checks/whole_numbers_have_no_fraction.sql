-- A whole number has no fraction, and is never rounded to one.
--
-- Table:     every table
-- Category:  conformance
-- Severity:  error
-- Returns:   the offending cells of $table_name; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    column_name,
    found,
    allowed
from bad_cells
where table_name = $table_name and problem = 'whole'
