-- ODI scores are percentages, not raw points of 50.
--
-- Table:     assessments
-- Category:  conformance
-- Severity:  warning
-- Caution:   speaks of the file as a whole; the first score that is loaded stands for it.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    min(record) as record_id,
    'score' as column_name,
    'none of ' || count(*) || ' scores above ' || max(score) as found,
    'percentages 0 to 100, look whether these are raw points of 50' as allowed
from stg_assessments
where
    instrument = 'odi'
    and record not in (select record from excluded where table_name = 'assessments')
having
    count(*) >= 30
    and max(score) <= 50
    and avg(score) filter (where days between -30 and 0) < 35
