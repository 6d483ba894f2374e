-- Rows that are not loaded, whatever the reason.
--
-- Grain:   one row per refused row or row out of scope.
-- Columns:
--   table_name  varchar  canonical table
--   record      bigint   number of the sound record, from 1
create table excluded as
select table_name, record
from refusals
union
select table_name, record
from out_of_scope
