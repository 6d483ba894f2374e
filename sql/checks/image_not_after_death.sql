-- No later image is taken after the death.
--
-- Table:     treated_levels
-- Category:  temporal
-- Severity:  error
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'post_image_days' as column_name,
    post_image_days::varchar as found,
    'up to death_days' as allowed
from stg_treated_levels
join known_procedures using (procedure_key)
where death_days >= 0 and post_image_days > death_days
