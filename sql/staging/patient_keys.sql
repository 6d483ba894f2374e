-- The integer key of every patient in the source or in the published snapshot.
--
-- Grain:   one row per patient_id.
-- Key:     the published one, else the highest published one + the first record that names it.
-- Columns:
--   patient_id   varchar   surrogate of the patient
--   patient_key  uinteger  its key in the warehouse
create table patient_keys as
with staged as (
    select patient_id, min(rowid + 1) as first_record
    from raw_procedures
    where patient_id is not null
    group by patient_id
),

published as (
    select patient_id, min(patient_key) as patient_key
    from prior_procedures
    group by patient_id
),

highest as (
    select coalesce(max(patient_key), 0) as highest_key
    from prior_procedures
)

select
    coalesce(staged.patient_id, published.patient_id) as patient_id,
    coalesce(published.patient_key, highest_key + first_record)::uinteger as patient_key
from staged
full join published using (patient_id)
cross join highest
