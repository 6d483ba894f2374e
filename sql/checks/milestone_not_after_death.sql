-- No milestone is reached, and nobody is asked about one, after the death.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with dated as (
    select
        record,
        death_days,
        unnest([
            relief_days, return_to_activity_days, return_to_work_days, resumed_lifting_days,
            soreness_resolved_days, relief_asked_days, return_to_activity_asked_days,
            return_to_work_asked_days, resumed_lifting_asked_days, soreness_resolved_asked_days
        ]) as days,
        unnest([
            'relief_days', 'return_to_activity_days', 'return_to_work_days',
            'resumed_lifting_days', 'soreness_resolved_days', 'relief_asked_days',
            'return_to_activity_asked_days', 'return_to_work_asked_days',
            'resumed_lifting_asked_days', 'soreness_resolved_asked_days'
        ]) as column_name
    from stg_procedures
    where death_days >= 0
)

select
    record as record_id,
    column_name,
    days::varchar as found,
    'up to death_days' as allowed
from dated
where days > death_days
