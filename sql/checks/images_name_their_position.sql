-- A level measured before and after says in which position.
--
-- Table:     treated_levels
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'image_position_post' as column_name,
    '' as found,
    'supine or standing for both images, else it is left out of restoration' as allowed
from stg_treated_levels
where kyphotic_angle_pre is not null and kyphotic_angle_post is not null and (image_position_pre is null or image_position_post is null)
