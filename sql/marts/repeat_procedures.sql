-- Where each procedure stands in the course of a patient who had several.
--
-- Grain:   one row per procedure, completed or not, of a patient with more than one.
-- Order:   endpoints.md ruling 9: augmentation_number when every row of the patient has it, else
--          year, month and case_order; equal places leave the patient without an order.
-- Days:    elapsed_days sums days_since_previous_procedure from the first row on; two rows with
--          equal gaps_unknown have a known distance.
-- Death:   ruling 11: any row's day of death, brought to this row's day zero.
-- Caution: next_procedure_days counts completed procedures only. An empty status is completed.
-- Columns:
--   procedure_key           uinteger  key
--   patient_key             uinteger  the patient
--   place                   bigint    1 = first known procedure of the patient
--   is_completed            boolean   not aborted
--   is_order_known          boolean   false when two procedures of the patient share a place
--   is_latest_completed     boolean   no later procedure of the patient was completed
--   elapsed_days            double    days since the patient's first row
--   gaps_unknown            hugeint   distances missing up to this row
--   earlier_completed_year  integer   latest year among earlier completed ones; null when none
--   next_procedure_days     double    days to the next completed one; null when none or unknown
--   death_days              double    days to death; null when not known dead
with numbered as (
    select
        procedures.*,
        coalesce(procedure_status::varchar, 'completed') = 'completed' as is_completed,
        count(augmentation_number) over (partition by patient_key)
        = count(*) over (partition by patient_key) as has_every_number
    from procedures
    where
        patient_key in (select patient_key from procedures group by patient_key having count(*) > 1)
),

placed as (
    select
        *,
        rank() over (
            partition by patient_key
            order by
                case when has_every_number then augmentation_number else procedure_year end,
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
    from placed
),

followed as (
    select
        *,
        max(sharing_place) over (partition by patient_key) = 1 as is_order_known,
        max(case when is_completed then place end) over (partition by patient_key) as latest_place,
        min(case when is_completed then elapsed_days end) over (
            partition by patient_key, gaps_unknown order by place
            rows between 1 following and unbounded following
        ) as next_elapsed_days,
        max(elapsed_days + death_days) over (
            partition by patient_key, gaps_unknown
        ) as death_elapsed_days
    from spaced
)

select
    procedure_key,
    patient_key,
    place,
    is_completed,
    is_order_known,
    coalesce(is_completed and place = latest_place, false) as is_latest_completed,
    elapsed_days,
    gaps_unknown,
    earlier_completed_year,
    case when is_order_known then next_elapsed_days - elapsed_days end as next_procedure_days,
    coalesce(
        case when is_order_known then death_elapsed_days - elapsed_days end, death_days
    ) as death_days
from followed
