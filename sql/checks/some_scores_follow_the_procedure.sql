-- Among 100 scores or more, some are of a day after the procedure.
--
-- Table:     assessments
-- Category:  temporal
-- Severity:  warning
-- Caution:   speaks of the file as a whole; the first score that is loaded stands for it.
-- Returns:   one row for the file; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    min(record) as record_id,
    'days' as column_name,
    'none of ' || count(*) || ' scores after day 0' as found,
    'days since the procedure, look whether visits lost theirs' as allowed
from stg_assessments
where
    days is not null
    and record not in (select record from excluded where table_name = 'assessments')
having count(*) >= 100 and max(days) <= 0
