-- Four scores or more of disability or quality of life of one patient are not all the same.
--
-- Table:     assessments
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with constant as (
    select procedure_key, instrument
    from known_assessments
    where instrument in ('odi', 'rmdq', 'eq5d_index', 'promis_pf', 'sf36_pcs')
    group by procedure_key, instrument
    having count(*) >= 4 and min(score) = max(score)
)

select
    stg.record as record_id,
    'score' as column_name,
    stg.score::varchar as found,
    'scores that differ between visits, were they copied?' as allowed
from stg_assessments as stg
semi join constant using (procedure_key, instrument)
