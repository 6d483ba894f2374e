-- A milestone that had not happened when asked says when that was.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select record as record_id, 'relief_asked_days' as column_name, '' as found, 'the day of asking' as allowed
from stg_procedures
where relief_status = 'not_yet' and relief_asked_days is null
union all
select record as record_id, 'return_to_activity_asked_days' as column_name, '' as found, 'the day of asking' as allowed
from stg_procedures
where return_to_activity_status = 'not_yet' and return_to_activity_asked_days is null
union all
select record as record_id, 'return_to_work_asked_days' as column_name, '' as found, 'the day of asking' as allowed
from stg_procedures
where return_to_work_status = 'not_yet' and return_to_work_asked_days is null
union all
select record as record_id, 'resumed_lifting_asked_days' as column_name, '' as found, 'the day of asking' as allowed
from stg_procedures
where resumed_lifting_status = 'not_yet' and resumed_lifting_asked_days is null
union all
select record as record_id, 'soreness_resolved_asked_days' as column_name, '' as found, 'the day of asking' as allowed
from stg_procedures
where soreness_resolved_status = 'not_yet' and soreness_resolved_asked_days is null
