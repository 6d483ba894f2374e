-- What somebody may know of a patient from elsewhere, per procedure, as text.
--
-- Grain:   one row per procedure.
-- Reads:   gauged_procedures and gauged_levels (procedure_key, patient_key and canonical columns).
-- Caution: what is not recorded is a value of its own, since that too tells records apart.
-- Columns:
--   patient_key      as in gauged_procedures  who it is; counted, never returned
--   age_years        varchar  90 is 90 and over
--   sex              varchar
--   procedure_year   varchar
--   procedure_month  varchar  limited data set only
--   site_id          varchar
--   surgeon_id       varchar
--   cause            varchar
--   technique        varchar
--   treated_levels   varchar  all levels of the procedure
--   died             varchar  yes or no
with levels_of_procedures as (
    select
        procedure_key,
        string_agg(level::varchar, ' ' order by level::varchar) as treated_levels
    from gauged_levels
    group by procedure_key
)

select
    procedures.patient_key,
    coalesce(procedures.age_years::varchar, 'not recorded') as age_years,
    coalesce(procedures.sex::varchar, 'not recorded') as sex,
    coalesce(procedures.procedure_year::varchar, 'not recorded') as procedure_year,
    coalesce(procedures.procedure_month::varchar, 'not recorded') as procedure_month,
    coalesce(procedures.site_id, 'not recorded') as site_id,
    coalesce(procedures.surgeon_id, 'not recorded') as surgeon_id,
    coalesce(procedures.cause::varchar, 'not recorded') as cause,
    coalesce(procedures.technique::varchar, 'not recorded') as technique,
    coalesce(levels.treated_levels, 'not recorded') as treated_levels,
    case when procedures.death_days is null then 'no' else 'yes' end as died
from gauged_procedures as procedures
left join levels_of_procedures as levels using (procedure_key)
