-- A milestone with a day has the status happened.
--
-- Table:     procedures
-- Category:  conformance
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    record as record_id,
    'relief_status' as column_name,
    coalesce(relief_status::varchar, '') as found,
    'happened, since a day is given' as allowed
from stg_procedures
where relief_days is not null and coalesce(relief_status <> 'happened', true)
union all
select
    record as record_id,
    'return_to_activity_status' as column_name,
    coalesce(return_to_activity_status::varchar, '') as found,
    'happened, since a day is given' as allowed
from stg_procedures
where return_to_activity_days is not null and coalesce(return_to_activity_status <> 'happened', true)
union all
select
    record as record_id,
    'return_to_work_status' as column_name,
    coalesce(return_to_work_status::varchar, '') as found,
    'happened, since a day is given' as allowed
from stg_procedures
where return_to_work_days is not null and coalesce(return_to_work_status <> 'happened', true)
union all
select
    record as record_id,
    'resumed_lifting_status' as column_name,
    coalesce(resumed_lifting_status::varchar, '') as found,
    'happened, since a day is given' as allowed
from stg_procedures
where resumed_lifting_days is not null and coalesce(resumed_lifting_status <> 'happened', true)
union all
select
    record as record_id,
    'soreness_resolved_status' as column_name,
    coalesce(soreness_resolved_status::varchar, '') as found,
    'happened, since a day is given' as allowed
from stg_procedures
where soreness_resolved_days is not null and coalesce(soreness_resolved_status <> 'happened', true)
