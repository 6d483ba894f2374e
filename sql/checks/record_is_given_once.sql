-- A record is given once: an exact copy adds nothing.
--
-- Table:     every table
-- Category:  duplicates
-- Severity:  error
-- Returns:   the second and further copies in $table_name; the first is loaded.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'key' as column_name,
    key_in_words as found,
    'one record for each key' as allowed
from repeated_rows
where table_name = $table_name and not has_other_values and copy_number > 1
