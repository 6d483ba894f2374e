-- A relief day as given lies after the last unrelieved score and not after the first relieved one.
--
-- Table:     procedures
-- Category:  cross-table
-- Severity:  warning
-- Ruling:    endpoints.md 2; relief as in E1.
-- Returns:   the offending rows; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with dated as (
    select record, procedure_key, relief_days, instrument, baseline_score
    from stg_procedures
    join pain_baselines using (procedure_key)
    where relief_status = 'happened' and relief_days is not null and baseline_score >= 4
),

scored as (
    select
        dated.record,
        dated.relief_days,
        scores.days,
        scores.score <= baseline_score - greatest(2, 0.3 * baseline_score) + 1e-9 as is_relieved
    from dated
    left join known_assessments as scores
        on
            dated.procedure_key = scores.procedure_key
            and dated.instrument = scores.instrument
            and scores.days > 0
),

seen as (
    select
        record,
        relief_days,
        min(days) filter (where is_relieved) as first_relieved_days,
        max(days) filter (where not is_relieved and days >= relief_days) as unrelieved_later_days
    from scored
    group by record, relief_days
)

select
    record as record_id,
    'relief_days' as column_name,
    relief_days::varchar as found,
    'a day above 0 that the scores allow, the scores are used' as allowed
from seen
where
    relief_days <= 0
    or relief_days > first_relieved_days
    or (unrelieved_later_days is not null and coalesce(unrelieved_later_days < first_relieved_days, true))
