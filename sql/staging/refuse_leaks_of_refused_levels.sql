-- Refuse a leak whose treated level is refused.
--
-- Grain:   one row per such leak, added to refusals.
-- Columns: those of refusals.
insert into refusals
with refused_levels as (
    select procedure_key, level
    from stg_treated_levels
    where level is not null and record in (
        select record from refusals where table_name = 'treated_levels'
    )
    except
    select procedure_key, level
    from stg_treated_levels
    where level is not null and record not in (
        select record from refusals where table_name = 'treated_levels'
    )
)

select
    'leaks' as table_name,
    record,
    'parent_refused' as rule,
    'level' as column_name,
    '' as found,
    'a treated level that is accepted' as allowed
from stg_leaks
semi join refused_levels using (procedure_key, level)
where
    record not in (select record from out_of_scope where table_name = 'leaks')
    and record not in (
        select record from refusals where table_name = 'leaks' and rule = 'parent_refused'
    )
