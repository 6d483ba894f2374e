-- Which sites and surgeons a cohort's procedures name, for the filters to offer.
--
-- Grain:   one row per field and recorded value.
-- Caution: surgeons that are not recorded are offered as 'unknown'.
-- Columns:
--   field       varchar  'site' or 'surgeon'
--   value       varchar
--   procedures  bigint
with chosen as (
    select site_id, surgeon_id
    from cohort($cohort)
)

select 'site' as field, site_id as value, count(*) as procedures
from chosen
group by site_id
union all
select 'surgeon' as field, surgeon_id as value, count(*) as procedures
from chosen
group by surgeon_id
order by field, value
