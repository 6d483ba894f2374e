-- Procedures of which no row is accepted, so that their children cannot be either.
--
-- Grain:   one row per procedure.
-- Columns:
--   procedure_key  uinteger  the procedure
create table refused_procedures as
with judged as (
    select
        stg_procedures.procedure_key,
        refusals.record is not null as is_refused
    from stg_procedures
    left join (
        select distinct record from refusals where table_name = 'procedures'
    ) as refusals using (record)
    where
        stg_procedures.procedure_key in (
            select procedure_key
            from stg_procedures
            where record in (select record from refusals where table_name = 'procedures')
        )
)

select procedure_key
from judged
where procedure_key is not null
group by procedure_key
having bool_and(is_refused)
