-- Where each procedure stands in its patient's course, and what ends its follow-up.
--
-- Grain:   one row per procedure, completed or not.
-- Course:  of patients with several procedures as in repeat_procedures; alone, a procedure is first,
--          in order and latest.
-- Index:   the first completed procedure inside a period is the row in the period whose earlier
--          completed procedures all lie before it: earlier_completed_year is null or before `from`.
-- Caution: next_procedure_days counts completed procedures only. An empty status is completed.
-- Columns:
--   procedure_key           uinteger  key
--   patient_key             uinteger  the patient
--   technique               technique_word
--   cause                   cause_word
--   cause_certainty         cause_certainty_word
--   site_id                 varchar
--   surgeon_id              varchar   'unknown' when not recorded
--   sex                     varchar   'unknown' when not recorded
--   setting                 varchar   'unknown' when not recorded
--   levels                  varchar   'single', 'multi' or 'unknown'
--   procedure_year          integer
--   age_years               integer   90 stands for 90 and over
--   is_completed            boolean   not aborted
--   is_order_known          boolean   false when two procedures of the patient share a place
--   place                   bigint    1 = first known procedure of the patient
--   earlier_completed_year  integer   latest year among earlier completed ones; null when none
--   next_procedure_days     double    days to the next completed one; null when none or unknown
--   death_days              double    days to death; null when not known dead
--   is_latest_completed     boolean   the row on which the patient's death is counted
--   last_known_alive_days   double    the later of last contact and last assessment; 0 when neither
--   observed_through_days   double    days to the data cut
with last_assessed as (
    select procedure_key, max(days) as last_assessment_days
    from assessments
    group by procedure_key
),

level_counts as (
    select procedure_key, count(*) as level_count
    from treated_levels
    group by procedure_key
)

select
    procedures.procedure_key,
    procedures.patient_key,
    procedures.technique,
    procedures.cause,
    procedures.cause_certainty,
    procedures.site_id,
    coalesce(procedures.surgeon_id, 'unknown') as surgeon_id,
    coalesce(procedures.sex::varchar, 'unknown') as sex,
    coalesce(procedures.setting::varchar, 'unknown') as setting,
    case
        when level_count is null then 'unknown'
        when level_count = 1 then 'single'
        else 'multi'
    end as levels,
    procedures.procedure_year,
    procedures.age_years,
    coalesce(procedures.procedure_status::varchar, 'completed') = 'completed' as is_completed,
    coalesce(repeats.is_order_known, true) as is_order_known,
    coalesce(repeats.place, 1) as place,
    repeats.earlier_completed_year,
    repeats.next_procedure_days,
    coalesce(repeats.death_days, procedures.death_days) as death_days,
    coalesce(
        repeats.is_latest_completed,
        coalesce(procedures.procedure_status::varchar, 'completed') = 'completed'
    ) as is_latest_completed,
    greatest(coalesce(last_contact_days, 0), coalesce(last_assessment_days, 0), 0)
        as last_known_alive_days,
    observed_through_days
from procedures
left join repeat_procedures as repeats on procedures.procedure_key = repeats.procedure_key
left join last_assessed on procedures.procedure_key = last_assessed.procedure_key
left join level_counts on procedures.procedure_key = level_counts.procedure_key
