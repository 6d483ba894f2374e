-- Children that name a procedure which neither the source nor the warehouse has.
--
-- Grain:   one row per such row of a child table.
-- Caution: a missing procedure_id is a missing value, not an orphan.
-- Columns:
--   table_name    varchar  canonical table
--   record        bigint   number of the sound record, from 1
--   procedure_id  varchar  the session it names
create table orphans as
select 'treated_levels' as table_name, rowid + 1 as record, procedure_id
from raw_treated_levels
anti join procedure_keys on procedure_hash = procedure_key
where procedure_hash is not null
union all
select 'leaks' as table_name, rowid + 1 as record, procedure_id
from raw_leaks
anti join procedure_keys on procedure_hash = procedure_key
where procedure_hash is not null
union all
select 'assessments' as table_name, rowid + 1 as record, procedure_id
from raw_assessments
anti join procedure_keys on procedure_hash = procedure_key
where procedure_hash is not null
union all
select 'complications' as table_name, rowid + 1 as record, procedure_id
from raw_complications
anti join procedure_keys on procedure_hash = procedure_key
where procedure_hash is not null
