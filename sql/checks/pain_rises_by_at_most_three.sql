-- Pain after the procedure is at most 3 points above the baseline.
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
    'usually up to 3 above the baseline' as allowed
from stg_assessments as stg
join pain_baselines using (procedure_key, instrument)
where stg.days > 0 and stg.score > baseline_score + 3
