-- The integer key of every procedure in the source or in the published snapshot.
--
-- Grain:   one row per procedure_id.
-- Key:     the published one, else the highest published one + the first record that names it.
-- Columns:
--   procedure_key  ubigint   hash of procedure_id, by which staged rows are known
--   stored_key     uinteger  its key in the warehouse
--   first_record   bigint    first record that names it; null when only published
--   last_record    bigint    last record that names it; null when only published
--   has_other_id   boolean   another procedure_id has the same hash
create table procedure_keys as
with staged as (
    select
        procedure_hash as procedure_key,
        min(rowid + 1) as first_record,
        max(rowid + 1) as last_record,
        min(procedure_id) as first_id,
        max(procedure_id) as last_id
    from raw_procedures
    where procedure_hash is not null
    group by procedure_hash
),

highest as (
    select coalesce(max(stored_procedure_key), 0) as highest_key
    from prior_procedures
)

select
    coalesce(staged.procedure_key, prior_procedures.procedure_key) as procedure_key,
    coalesce(stored_procedure_key, highest_key + first_record)::uinteger as stored_key,
    first_record,
    last_record,
    coalesce(
        least(first_id, procedure_id) <> greatest(last_id, procedure_id), false
    ) as has_other_id
from staged
full join prior_procedures using (procedure_key)
cross join highest
