-- A level treated by vertebroplasty has no balloon volume.
--
-- Table:     treated_levels
-- Category:  plausibility
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'balloon_ml' as column_name,
    balloon_ml::varchar as found,
    'none, or another technique' as allowed
from stg_treated_levels as levels
left join known_procedures as procedures using (procedure_key)
where balloon_ml > 0 and coalesce(levels.technique, procedures.technique) = 'vertebroplasty'
