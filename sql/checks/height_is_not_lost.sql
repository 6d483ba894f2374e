-- A treated vertebra does not lose more than 5 points of height.
--
-- Table:     treated_levels
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'anterior_height_pct_post' as column_name,
    anterior_height_pct_post::varchar as found,
    'usually at most 5 points below anterior_height_pct_pre' as allowed
from stg_treated_levels
where anterior_height_pct_pre - anterior_height_pct_post > 5
