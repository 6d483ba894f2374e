-- Pain before the procedure is 4 or more.
--
-- Table:     assessments
-- Category:  plausibility
-- Severity:  warning
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    stg.record as record_id,
    'score' as column_name,
    stg.score::varchar as found,
    'usually 4 or more at baseline, below it, relief is not counted' as allowed
from stg_assessments as stg
join pain_baselines using (procedure_key, instrument, days)
where baseline_score < 4
