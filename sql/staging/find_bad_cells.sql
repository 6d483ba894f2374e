-- Say what is wrong with the cells of the rows that staging marked.
--
-- Grain:   one row per bad cell of $table_name, added to bad_cells.
-- Scope:   a sacral level is out of scope, neither wrong nor stored.
-- Caution: reads the marked rows only, through the view raw_rows. A cast to double passes over an
--          underscore between digits and a second sign: both are refused here.
-- Columns: those of bad_cells.
insert into bad_cells
with cells as (
    select
        record,
        unnest(cells) as cell,
        generate_subscripts(cells, 1) as place
    from raw_rows
),

described as (
    select
        record,
        column_name,
        cell,
        kind,
        words,
        low,
        high,
        above_lower,
        is_required,
        allowed,
        trim(coalesce(cell, '')) = '' as is_blank,
        case
            when not regexp_matches(cell, '_|^ *[+-]{2}') then try_cast(cell as double)
        end as number
    from cells
    join declared_columns using (place)
    where table_name = $table_name
),

judged as (
    select
        record,
        column_name,
        cell,
        allowed,
        case
            when is_blank then case when is_required then 'missing' end
            when kind = 'identifier'
                then case when not regexp_full_match(cell, '[A-Za-z0-9_.-]{1,64}') then 'surrogate' end
            when kind = 'word' then
                case
                    when list_contains(words, cell) then null
                    when
                        column_name = 'level'
                        and regexp_full_match(trim(lower(cell)), 's[1-5]|sacrum|sacral')
                        then 'scope'
                    else 'word'
                end
            when number is null or not isfinite(number) then 'number'
            when kind = 'whole' and number <> trunc(number) then 'whole'
            when number < low or number > high or (above_lower and number = low) then 'limits'
            when kind = 'whole' and try_cast(number as integer) is null then 'limits'
        end as problem
    from described
)

select
    $table_name as table_name,
    record,
    column_name,
    problem,
    coalesce(cell, '') as found,
    allowed
from judged
where problem is not null
