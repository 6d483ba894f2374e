-- A remote fracture is neither at a treated level nor next to one.
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
        select procedure_key from stg_complications where type = 'remote_fracture'
    )
    group by procedure_key
)

select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'two levels or more from each treated one, its class is read from the level' as allowed
from stg_complications
join places using (procedure_key)
where
    type = 'remote_fracture'
    and level is not null
    and (
        list_contains(treated, enum_code(level))
        or list_contains(treated, enum_code(level) - 1)
        or list_contains(treated, enum_code(level) + 1)
    )
