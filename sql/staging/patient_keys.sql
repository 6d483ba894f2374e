-- The integer key of every patient in the source or in the published snapshot.
--
-- Grain:   one row per patient_id.
-- Key:     the published one, else the highest published one + the first record that names it.
-- Columns:
--   patient_key   ubigint   hash of patient_id, by which staged rows are known
--   stored_key    uinteger  its key in the warehouse
--   first_record  bigint    first record that names it; null when only published
--   last_record   bigint    last record that names it; null when only published
--   has_other_id  boolean   another patient_id has the same hash
create table patient_keys as
with staged as (
    select
        patient_hash as patient_key,
        min(rowid + 1) as first_record,
        max(rowid + 1) as last_record,
        min(patient_id) as first_id,
        max(patient_id) as last_id
    from raw_procedures
    where patient_hash is not null
    group by patient_hash
),

published as (
    select
        patient_key,
        min(stored_patient_key) as stored_key,
        min(patient_id) as first_published,
        max(patient_id) as last_published
    from prior_procedures
    where patient_key is not null
    group by patient_key
),

highest as (
    select coalesce(max(stored_patient_key), 0) as highest_key
    from prior_procedures
)

select
    coalesce(staged.patient_key, published.patient_key) as patient_key,
    coalesce(stored_key, highest_key + first_record)::uinteger as stored_key,
    first_record,
    last_record,
    coalesce(
        least(first_id, first_published) <> greatest(last_id, last_published), false
    ) as has_other_id
from staged
full join published using (patient_key)
cross join highest
