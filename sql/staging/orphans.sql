-- Children that name a procedure which neither the source nor the warehouse has.
--
-- Grain:   one row per such row of a child table.
-- Caution: a missing procedure_id is a missing value, not an orphan.
-- Columns:
--   table_name    varchar  canonical table
--   record        bigint   number of the sound record, from 1
--   procedure_id  varchar  the session it names
create table orphans as
select 'treated_levels' as table_name, stg.record, raw.procedure_id
from stg_treated_levels as stg
join raw_treated_levels as raw on raw.rowid = stg.record - 1
where stg.procedure_key is null and raw.procedure_id is not null
union all
select 'leaks' as table_name, stg.record, raw.procedure_id
from stg_leaks as stg
join raw_leaks as raw on raw.rowid = stg.record - 1
where stg.procedure_key is null and raw.procedure_id is not null
union all
select 'assessments' as table_name, stg.record, raw.procedure_id
from stg_assessments as stg
join raw_assessments as raw on raw.rowid = stg.record - 1
where stg.procedure_key is null and raw.procedure_id is not null
union all
select 'complications' as table_name, stg.record, raw.procedure_id
from stg_complications as stg
join raw_complications as raw on raw.rowid = stg.record - 1
where stg.procedure_key is null and raw.procedure_id is not null
