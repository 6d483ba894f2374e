-- A key names one record: no two records of a file share it with different values.
--
-- Table:     every table
-- Category:  duplicates
-- Severity:  error
-- Returns:   all records of such a key in $table_name, since none can be preferred.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'key' as column_name,
    key_in_words as found,
    'one record for each key' as allowed
from repeated_rows
where table_name = $table_name and has_other_values
