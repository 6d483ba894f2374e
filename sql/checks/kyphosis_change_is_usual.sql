-- Kyphosis grows by at most 5 degrees and is corrected by at most 25.
--
-- Table:     treated_levels
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'kyphotic_angle_post' as column_name,
    kyphotic_angle_post::varchar as found,
    'usually up to 25 degrees below and 5 above kyphotic_angle_pre' as allowed
from stg_treated_levels
where kyphotic_angle_post - kyphotic_angle_pre > 5 or kyphotic_angle_pre - kyphotic_angle_post > 25
