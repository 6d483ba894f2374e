-- Patients with several procedures, among this load's rows and the published ones.
--
-- Grain:   one row per patient with more than one procedure.
-- Columns:
--   patient_key  ubigint  hash of patient_id
create temp table repeated_patients as
select patient_key
from known_procedures
where patient_key is not null
group by patient_key
having count(*) > 1
