-- Why rows are not loaded; filled by the rules and by their parents' refusals.
--
-- Grain:   one row per refused row and reason.
-- Columns:
--   table_name   varchar  canonical table
--   record       bigint   number of the sound record, from 1
--   rule         varchar  the rule that refused it, or 'parent_refused'
--   column_name  varchar  canonical column
--   found        varchar  the offending value, cut to 40 characters
--   allowed      varchar  what is allowed, in words
create table refusals (
    table_name varchar,
    record bigint,
    rule varchar,
    column_name varchar,
    found varchar,
    allowed varchar
)
