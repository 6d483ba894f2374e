-- How many patients share what many people may know of each other, over all procedures.
--
-- Grain:   one row.
-- Reads:   gauged_procedures (patient_key and canonical columns).
-- Group:   procedures of equal age, sex, year, month and site; its size is its number of patients.
-- Caution: counts only; what is not recorded is a value of its own.
-- Columns:
--   procedures           bigint
--   groups               bigint
--   smallest             bigint  patients in the smallest group, null without procedures
--   groups_under_11      bigint
--   procedures_under_11  bigint  procedures in groups of under 11 patients
with patients as (
    select age_years, sex, procedure_year, procedure_month, site_id, count(*) as procedures
    from gauged_procedures
    group by age_years, sex, procedure_year, procedure_month, site_id, patient_key
),

groups as (
    select sum(procedures) as procedures, count(*) as size
    from patients
    group by age_years, sex, procedure_year, procedure_month, site_id
)

select
    coalesce(sum(procedures), 0)::bigint as procedures,
    count(*) as groups,
    min(size) as smallest,
    count(*) filter (size < 11) as groups_under_11,
    coalesce(sum(procedures) filter (size < 11), 0)::bigint as procedures_under_11
from groups
