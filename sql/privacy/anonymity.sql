-- How many patients share the same quasi-identifiers, for sets of quasi-identifiers.
--
-- Grain:   one row per set: all of them; what many people may know (age, sex, year, month and
--          site); that without one of them; that with one more.
-- Class:   procedures with equal values; its size is the number of different patients in it.
-- Caution: counts only; no value of a patient is returned.
-- Columns:
--   absent                bigint  bits of the quasi-identifiers that the set lacks, died lowest
--   procedures            bigint
--   classes               bigint
--   smallest              bigint  patients in the smallest class
--   classes_under_5       bigint
--   classes_under_11      bigint
--   procedures_under_5    bigint  procedures in classes of under 5 patients
--   procedures_under_11   bigint
with classes as (
    select
        grouping_id(
            age_years, sex, procedure_year, procedure_month, site_id,
            surgeon_id, cause, technique, treated_levels, died
        ) as absent,
        count(*) as procedures,
        count(distinct patient_key) as patients
    from quasi_identifiers
    group by grouping sets (
        (age_years, sex, procedure_year, procedure_month, site_id,
            surgeon_id, cause, technique, treated_levels, died),
        (age_years, sex, procedure_year, procedure_month, site_id),
        (sex, procedure_year, procedure_month, site_id),
        (age_years, procedure_year, procedure_month, site_id),
        (age_years, sex, procedure_month, site_id),
        (age_years, sex, procedure_year, site_id),
        (age_years, sex, procedure_year, procedure_month),
        (age_years, sex, procedure_year, procedure_month, site_id, surgeon_id),
        (age_years, sex, procedure_year, procedure_month, site_id, cause),
        (age_years, sex, procedure_year, procedure_month, site_id, technique),
        (age_years, sex, procedure_year, procedure_month, site_id, treated_levels),
        (age_years, sex, procedure_year, procedure_month, site_id, died)
    )
)

select
    absent,
    sum(procedures)::bigint as procedures,
    count(*) as classes,
    min(patients) as smallest,
    count(*) filter (patients < 5) as classes_under_5,
    count(*) filter (patients < 11) as classes_under_11,
    coalesce(sum(procedures) filter (patients < 5), 0)::bigint as procedures_under_5,
    coalesce(sum(procedures) filter (patients < 11), 0)::bigint as procedures_under_11
from classes
group by absent
