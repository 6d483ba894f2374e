-- How many procedures there are, by technique and cause and year.
--
-- Grain:   one row per cause, technique, year and whether the status was recorded.
-- Takes:   $cohort.
-- Caution: with unit 'all' every completed procedure; with 'index' one a patient. A procedure whose
--          status is not recorded is taken as completed, and counted apart.
-- Columns:
--   cause               cause_word
--   technique           technique_word
--   procedure_year      integer
--   is_status_recorded  boolean
--   procedures          bigint
select
    cause,
    technique,
    procedure_year,
    procedure_status is not null as is_status_recorded,
    count(*) as procedures
from cohort($cohort)
join (select procedure_key, procedure_status from procedures) using (procedure_key)
group by all
order by all
