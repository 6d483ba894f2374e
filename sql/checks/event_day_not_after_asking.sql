-- A milestone is not dated after the day it was asked about.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'relief_days' as column_name,
    relief_days::varchar as found,
    'up to relief_asked_days' as allowed
from stg_procedures
where relief_days > relief_asked_days
union all
select
    record as record_id,
    'return_to_activity_days' as column_name,
    return_to_activity_days::varchar as found,
    'up to return_to_activity_asked_days' as allowed
from stg_procedures
where return_to_activity_days > return_to_activity_asked_days
union all
select
    record as record_id,
    'return_to_work_days' as column_name,
    return_to_work_days::varchar as found,
    'up to return_to_work_asked_days' as allowed
from stg_procedures
where return_to_work_days > return_to_work_asked_days
union all
select
    record as record_id,
    'resumed_lifting_days' as column_name,
    resumed_lifting_days::varchar as found,
    'up to resumed_lifting_asked_days' as allowed
from stg_procedures
where resumed_lifting_days > resumed_lifting_asked_days
union all
select
    record as record_id,
    'soreness_resolved_days' as column_name,
    soreness_resolved_days::varchar as found,
    'up to soreness_resolved_asked_days' as allowed
from stg_procedures
where soreness_resolved_days > soreness_resolved_asked_days
