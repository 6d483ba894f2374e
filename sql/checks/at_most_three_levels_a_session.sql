-- One session usually treats at most three levels.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with crowded as (
    select procedure_key
    from known_treated_levels
    group by procedure_key
    having count(*) > 3
),

counted as (
    select procedure_key, count(distinct level) as level_count
    from known_treated_levels
    semi join crowded using (procedure_key)
    group by procedure_key
    having count(distinct level) > 3
)

select
    record as record_id,
    'procedure_id' as column_name,
    level_count || ' levels' as found,
    'usually up to 3 levels' as allowed
from stg_procedures
join counted using (procedure_key)
