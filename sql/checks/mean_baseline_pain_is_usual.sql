-- Among 50 baselines of pain or more, the mean is usually 5 to 9.5.
--
-- Table:     assessments
-- Category:  plausibility
-- Severity:  warning
-- Ruling:    published cohorts have means of 7.1 to 8.7 (benchmarks.csv, pain_mean at baseline).
-- Caution:   speaks of all known baselines; the first score that is loaded stands for them.
-- Returns:   one row for the source; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with cohort as (
    select
        count(*) as baselines,
        avg(baseline_score) as mean_score
    from pain_baselines
    where baseline_score between 0 and 10
),

loaded as (
    select min(record) as first_record
    from stg_assessments
    where record not in (select record from excluded where table_name = 'assessments')
)

select
    first_record as record_id,
    'score' as column_name,
    'mean ' || round(mean_score, 1) || ' of ' || baselines || ' baselines' as found,
    'usually a mean of 5 to 9.5, look at the scale and the days' as allowed
from cohort
cross join loaded
where first_record is not null and baselines >= 50 and mean_score not between 5 and 9.5
