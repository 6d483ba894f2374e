-- Augmented levels are usually T5 to L5.
--
-- Table:     treated_levels
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'level' as column_name,
    level::varchar as found,
    'usually T5 to L5' as allowed
from stg_treated_levels
where level <= 'T4'::level_word
