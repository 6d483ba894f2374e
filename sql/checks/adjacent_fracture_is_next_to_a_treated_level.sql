-- An adjacent fracture is one level above or below a treated one.
--
-- Table:     complications
-- Category:  cross-table
-- Severity:  warning
-- Ruling:    endpoints.md 12.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with places as (
    select
        procedure_key,
        list(distinct enum_code(level)) as treated
    from known_treated_levels
    where procedure_key in (
        select procedure_key from stg_complications where type = 'adjacent_fracture'
    )
    group by procedure_key
)

select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'next to a treated level, its class is read from the level' as allowed
from stg_complications
join places using (procedure_key)
where
    type = 'adjacent_fracture'
    and level is not null
    and not list_contains(treated, enum_code(level) - 1)
    and not list_contains(treated, enum_code(level) + 1)
