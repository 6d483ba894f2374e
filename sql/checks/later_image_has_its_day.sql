-- A measurement after the procedure says when it was taken.
--
-- Table:     treated_levels
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'post_image_days' as column_name,
    '' as found,
    'the day of the image' as allowed
from stg_treated_levels
where (kyphotic_angle_post is not null or anterior_height_pct_post is not null) and post_image_days is null
