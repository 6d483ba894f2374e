-- Cells that cannot be stored, with what is wrong with each; filled by find_bad_cells.
--
-- Grain:   one row per bad cell.
-- Columns:
--   table_name   varchar  canonical table
--   record       bigint   number of the sound record, from 1
--   column_name  varchar  canonical column
--   problem      varchar  'missing', 'surrogate', 'number', 'whole', 'limits', 'word' or 'scope'
--   found        varchar  the text of the cell
--   allowed      varchar  what a cell may hold, in words
create table bad_cells (
    table_name varchar,
    record bigint,
    column_name varchar,
    problem varchar,
    found varchar,
    allowed varchar
)
