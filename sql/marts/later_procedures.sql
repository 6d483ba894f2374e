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
select
    earlier.procedure_key,
    later.procedure_key as later_procedure_key,
    later.elapsed_days - earlier.elapsed_days as gap_days,
    later.is_completed as is_later_completed
from repeat_procedures as earlier
join repeat_procedures as later
    on
        earlier.patient_key = later.patient_key
        and earlier.place < later.place
        and earlier.gaps_unknown = later.gaps_unknown
where earlier.is_order_known
