-- A record belongs to a procedure that the source or the warehouse has.
--
-- Table:     every table
-- Category:  cross-table
-- Severity:  error
-- Caution:   a child of a procedure that could not be read is refused with it instead.
-- Returns:   the offending records of $table_name; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'procedure_id' as column_name,
    procedure_id as found,
    'the procedure_id of a procedure' as allowed
from orphans
where
    table_name = $table_name
    and procedure_id not in (select procedure_id from unread_procedures)
