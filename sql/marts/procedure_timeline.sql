-- Where each procedure stands in its patient's course, and what ends its follow-up.
--
-- Grain:   one row per procedure, completed or not.
-- Order:   endpoints.md ruling 9: augmentation_number when every row of the patient has it, else
--          year, month and case_order; equal places leave the patient without an order.
-- Index:   the first completed procedure inside a period is the row in the period whose earlier
--          completed procedures all lie before it: earlier_completed_year is null or before `from`.
-- Days:    distances are summed over days_since_previous_procedure; where one is missing, the
--          later procedure ends nothing, so next_procedure_days is null.
-- Death:   endpoints.md ruling 11: the day stands on the latest completed procedure, carried from
--          an earlier row when missing there, and counted back to the earlier ones.
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
with numbered as (
    select
        procedures.*,
        coalesce(procedure_status::varchar, 'completed') = 'completed' as is_completed,
        count(augmentation_number) over (partition by patient_key)
        = count(*) over (partition by patient_key) as has_every_number
    from procedures
),

ordered as (
    select
        *,
        rank() over (
            partition by patient_key
            order by
                case when has_every_number then augmentation_number end nulls last,
                case when has_every_number then 0 else procedure_year end,
                case when has_every_number then 0 else coalesce(procedure_month, 0) end,
                case when has_every_number then 0 else coalesce(case_order, 0) end
        ) as place
    from numbered
),

spaced as (
    select
        *,
        count(*) over (partition by patient_key, place) as sharing_place,
        sum(case when place > 1 then coalesce(days_since_previous_procedure, 0) else 0 end) over (
            partition by patient_key order by place
            rows between unbounded preceding and current row
        ) as elapsed_days,
        sum(case when place > 1 and days_since_previous_procedure is null then 1 else 0 end) over (
            partition by patient_key order by place
            rows between unbounded preceding and current row
        ) as gaps_unknown,
        max(case when is_completed then procedure_year end) over (
            partition by patient_key order by place
            rows between unbounded preceding and 1 preceding
        ) as earlier_completed_year
    from ordered
),

followed as (
    select
        *,
        max(sharing_place) over (partition by patient_key) = 1 as is_order_known,
        min(case when is_completed then elapsed_days end) over (
            partition by patient_key, gaps_unknown order by place
            rows between 1 following and unbounded following
        ) as next_elapsed_days,
        max(case when is_completed then place end) over (partition by patient_key) as latest_place,
        max(elapsed_days + death_days) over (
            partition by patient_key, gaps_unknown
        ) as death_elapsed_days
    from spaced
),

last_assessed as (
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
    procedure_key,
    patient_key,
    technique,
    cause,
    cause_certainty,
    site_id,
    coalesce(surgeon_id, 'unknown') as surgeon_id,
    coalesce(sex::varchar, 'unknown') as sex,
    coalesce(setting::varchar, 'unknown') as setting,
    case
        when level_count is null then 'unknown'
        when level_count = 1 then 'single'
        else 'multi'
    end as levels,
    procedure_year,
    age_years,
    is_completed,
    is_order_known,
    place,
    earlier_completed_year,
    case when is_order_known then next_elapsed_days - elapsed_days end as next_procedure_days,
    coalesce(
        case when is_order_known then death_elapsed_days - elapsed_days end, death_days
    ) as death_days,
    is_completed and place = latest_place as is_latest_completed,
    greatest(coalesce(last_contact_days, 0), coalesce(last_assessment_days, 0), 0)
        as last_known_alive_days,
    observed_through_days
from followed
left join last_assessed using (procedure_key)
left join level_counts using (procedure_key)
order by procedure_key
