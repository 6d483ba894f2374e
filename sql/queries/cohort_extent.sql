-- How far a cohort reaches: its years, and how many procedures, sites and surgeons it holds.
--
-- Grain:   one row.
-- Surgeons: those recorded; procedures without one add none.
-- Caution: an empty cohort has no first and last year.
-- Columns:
--   procedures   bigint
--   sites        bigint
--   surgeons     bigint
--   first_year   integer  null when the cohort is empty
--   last_year    integer  null when the cohort is empty
select
    count(*) as procedures,
    count(distinct site_id) as sites,
    count(distinct surgeon_id) filter (where surgeon_id <> 'unknown') as surgeons,
    min(procedure_year) as first_year,
    max(procedure_year) as last_year
from cohort($cohort)
