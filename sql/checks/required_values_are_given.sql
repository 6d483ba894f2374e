-- A record has a value in every required column.
--
-- Table:     every table
-- Category:  completeness
-- Severity:  error
-- Returns:   the offending cells of $table_name; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    column_name,
    found,
    'a value: ' || allowed as allowed
from bad_cells
where table_name = $table_name and problem = 'missing'
