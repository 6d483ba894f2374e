-- For how many records of the cohort each core column has a value.
--
-- Grain:   one row.
-- Takes:   $cohort.
-- Caution: a recorded 'unknown' is a value; an empty cell is not.
-- Columns:
--   procedures              bigint  in the cohort; what the columns of procedures are counted of
--   treated_levels          bigint  of those; what the columns of treated_levels are counted of
--   surgeon_id              bigint
--   cause_certainty         bigint
--   age_years               bigint
--   sex                     bigint
--   fracture_age_days       bigint
--   asa_class               bigint
--   prior_fracture          bigint
--   opioid_at_baseline      bigint
--   activity_before         bigint
--   setting                 bigint
--   same_day_discharge      bigint
--   complications_reviewed  bigint
--   observed_through_days   bigint
--   last_contact_days       bigint
--   cement_ml               bigint
--   leak_checked            bigint
--   leak_modality           bigint
with chosen as (
    select procedure_key
    from cohort($cohort)
),

of_procedures as (
    select
        count(*) as procedures,
        count(surgeon_id) as surgeon_id,
        count(cause_certainty) as cause_certainty,
        count(age_years) as age_years,
        count(sex) as sex,
        count(fracture_age_days) as fracture_age_days,
        count(asa_class) as asa_class,
        count(prior_fracture) as prior_fracture,
        count(opioid_at_baseline) as opioid_at_baseline,
        count(activity_before) as activity_before,
        count(setting) as setting,
        count(same_day_discharge) as same_day_discharge,
        count(complications_reviewed) as complications_reviewed,
        count(observed_through_days) as observed_through_days,
        count(last_contact_days) as last_contact_days
    from procedures
    join chosen using (procedure_key)
),

of_levels as (
    select
        count(*) as treated_levels,
        count(cement_ml) as cement_ml,
        count(leak_checked) as leak_checked,
        count(leak_modality) as leak_modality
    from treated_levels
    join chosen using (procedure_key)
)

select *
from of_procedures
cross join of_levels
