-- Bone density measured and an osteoporosis drug by day 90, after osteoporotic fractures.
--
-- Grain:   one row per technique, year, status, DXA and drug.
-- Takes:   $cohort; $by_year, whether years are told apart.
-- Status:  'alive' at day 90 with the data cut on or after it; 'died' before; 'not_observed'.
-- Columns:
--   technique       technique_word
--   cause           cause_word  osteoporosis throughout
--   procedure_year  integer     null unless $by_year
--   status          varchar     as above
--   dxa             varchar     'yes', 'no' or 'unknown'
--   drug            varchar     'yes', 'no' or 'unknown'
--   procedures      bigint
select
    technique,
    cause,
    case when $by_year then procedure_year end as procedure_year,
    case
        when coalesce(observed_through_days < 90, true) then 'not_observed'
        when death_days <= 90 then 'died'
        else 'alive'
    end as status,
    coalesce(dxa_by_90d::varchar, 'unknown') as dxa,
    coalesce(osteoporosis_drug_by_90d::varchar, 'unknown') as drug,
    count(*) as procedures
from cohort($cohort)
join (
    select procedure_key, dxa_by_90d, osteoporosis_drug_by_90d from procedures
) using (procedure_key)
where cause = 'osteoporosis'
group by all
order by all
