-- Rows of one file that share a key; filled by find_repeated_rows.
--
-- Grain:   one row per row whose key another row of the same file has too.
-- Columns:
--   table_name        varchar  canonical table
--   record            bigint   number of the sound record, from 1
--   copy_number       bigint   1 = first of the rows that are equal in every column
--   has_other_values  boolean  some row with this key has other values
--   key_in_words      varchar  the key as recorded
create table repeated_rows (
    table_name varchar,
    record bigint,
    copy_number bigint,
    has_other_values boolean,
    key_in_words varchar
)
