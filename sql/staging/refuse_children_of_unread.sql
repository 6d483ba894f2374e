-- Refuse the children of procedures whose record could not be read.
--
-- Grain:   one row per such child, added to refusals.
-- Columns: those of refusals.
insert into refusals
select
    table_name,
    record,
    'parent_refused' as rule,
    'procedure_id' as column_name,
    '' as found,
    'a procedure that is accepted' as allowed
from orphans
where
    procedure_id in (select procedure_id from unread_procedures)
    and (table_name, record) not in (select (table_name, record) from out_of_scope)
