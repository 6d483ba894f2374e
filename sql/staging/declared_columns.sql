-- What each canonical column may hold, as the schema declares it.
--
-- Grain:   one row per canonical table and column.
-- Columns:
--   table_name   varchar    canonical table
--   column_name  varchar    canonical column
--   place        integer    place of the cell in `cells` of the raw row; null when not in the file
--   kind         varchar    'identifier', 'word', 'whole' or 'decimal'
--   words        varchar[]  allowed words; empty unless kind is 'word'
--   low          double     inclusive lower hard limit; null when there is none
--   high         double     inclusive upper hard limit; null when there is none
--   above_lower  boolean    the lower limit itself is refused
--   is_required  boolean    a row without a value is refused
--   allowed      varchar    what a cell may hold, in words
create table declared_columns (
    table_name varchar,
    column_name varchar,
    place integer,
    kind varchar,
    words varchar [],
    low double,
    high double,
    above_lower boolean,
    is_required boolean,
    allowed varchar
)
