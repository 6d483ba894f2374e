-- Every pair of an earlier and a later procedure of one patient, and the days between them.
--
-- Grain:   one row per earlier procedure and later procedure of the same patient.
-- Days:    summed over days_since_previous_procedure, aborted procedures included (ruling 9).
-- Caution: pairs with an unknown distance, and patients without an order, have no row here, so
--          such a later procedure ends nothing and lends nothing to the earlier one.
-- Columns:
--   procedure_key        uinteger  the earlier procedure
--   later_procedure_key  uinteger  the later one
--   gap_days             double    days from the earlier to the later
--   is_later_completed   boolean   the later one was not aborted
with several as (
    select
        procedure_key,
        patient_key,
        place,
        is_completed
    from procedure_timeline
    where is_order_known
    qualify count(*) over (partition by patient_key) > 1
),

spaced as (
    select
        several.*,
        sum(case when place > 1 then coalesce(days_since_previous_procedure, 0) else 0 end) over (
            partition by several.patient_key order by place
            rows between unbounded preceding and current row
        ) as elapsed_days,
        sum(case when place > 1 and days_since_previous_procedure is null then 1 else 0 end) over (
            partition by several.patient_key order by place
            rows between unbounded preceding and current row
        ) as gaps_unknown
    from several
    join procedures using (procedure_key)
)

select
    earlier.procedure_key,
    later.procedure_key as later_procedure_key,
    later.elapsed_days - earlier.elapsed_days as gap_days,
    later.is_completed as is_later_completed
from spaced as earlier
join spaced as later
    on
        earlier.patient_key = later.patient_key
        and earlier.place < later.place
        and earlier.gaps_unknown = later.gaps_unknown
order by procedure_key, later_procedure_key
