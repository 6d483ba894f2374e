-- A milestone that happened has its day.
--
-- Table:     procedures
-- Category:  completeness
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select record as record_id, 'relief_days' as column_name, '' as found, 'the day' as allowed
from stg_procedures
where relief_status = 'happened' and relief_days is null
union all
select record as record_id, 'return_to_activity_days' as column_name, '' as found, 'the day' as allowed
from stg_procedures
where return_to_activity_status = 'happened' and return_to_activity_days is null
union all
select record as record_id, 'return_to_work_days' as column_name, '' as found, 'the day' as allowed
from stg_procedures
where return_to_work_status = 'happened' and return_to_work_days is null
union all
select record as record_id, 'resumed_lifting_days' as column_name, '' as found, 'the day' as allowed
from stg_procedures
where resumed_lifting_status = 'happened' and resumed_lifting_days is null
union all
select record as record_id, 'soreness_resolved_days' as column_name, '' as found, 'the day' as allowed
from stg_procedures
where soreness_resolved_status = 'happened' and soreness_resolved_days is null
