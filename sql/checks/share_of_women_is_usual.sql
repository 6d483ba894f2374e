-- Among 100 procedures or more, 50 to 90 % are usually of women.
--
-- Table:     procedures
-- Category:  plausibility
-- Severity:  warning
-- Ruling:    published cohorts have 65 to 78 % (benchmarks.csv, female_pct).
-- Caution:   speaks of the file as a whole; the first procedure that is loaded stands for it.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
select
    min(record) as record_id,
    'sex' as column_name,
    count(*) filter (where sex = 'female') || ' women of ' || count(*) || ' with a sex' as found,
    'usually 50 to 90 %, look whether the codes were exchanged' as allowed
from stg_procedures
where
    sex in ('female', 'male')
    and record not in (select record from excluded where table_name = 'procedures')
having count(*) >= 100 and avg((sex = 'female')::integer) not between 0.5 and 0.9
