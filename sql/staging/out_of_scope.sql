-- Rows about sacral levels: counted, neither loaded nor refused.
--
-- Grain:   one row per row out of scope.
-- Columns:
--   table_name  varchar  canonical table
--   record      bigint   number of the sound record, from 1
create table out_of_scope as
select distinct table_name, record
from bad_cells
where problem = 'scope'
