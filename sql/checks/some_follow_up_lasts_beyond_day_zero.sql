-- Among 30 procedures with a last contact or more, some were in contact after day 0.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  warning
-- Caution:   speaks of the file as a whole; the first procedure that is loaded stands for it.
-- Returns:   one row for the file; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    min(record) as record_id,
    'last_contact_days' as column_name,
    'day 0 in all of ' || count(*) || ' procedures' as found,
    'the day of the last contact, without it nobody is followed' as allowed
from stg_procedures
where
    last_contact_days is not null
    and record not in (select record from excluded where table_name = 'procedures')
having count(*) >= 30 and max(last_contact_days) = 0
