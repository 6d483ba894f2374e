-- The integer key of every procedure in the source or in the published snapshot.
--
-- Grain:   one row per procedure_id.
-- Key:     the published one, else the highest published one + the first record that names it.
-- Columns:
--   procedure_id   varchar   surrogate of the session
--   procedure_key  uinteger  its key in the warehouse
create table procedure_keys as
with staged as (
    select procedure_id, min(rowid + 1) as first_record
    from raw_procedures
    where procedure_id is not null
    group by procedure_id
),

highest as (
    select coalesce(max(procedure_key), 0) as highest_key
    from prior_procedures
)

select
    coalesce(staged.procedure_id, prior_procedures.procedure_id) as procedure_id,
    coalesce(prior_procedures.procedure_key, highest_key + first_record)::uinteger
        as procedure_key
from staged
full join prior_procedures using (procedure_id)
cross join highest
