-- Every score after a procedure, under the procedure that it belongs to.
--
-- Grain:   one row per procedure, instrument and day after it.
-- Whose:   endpoints.md ruling 8: a score recorded under a procedure after the day of a later
--          completed one is the later one's, at day - gap; where both recorded one, its own wins.
--          A score on the very day of the later procedure is still the earlier one's.
-- Paired:  baseline_score is that of the same instrument; null where there is none, or where
--          another pain instrument is followed.
-- Caution: days are rounded to a millionth when a score moves, so that equal days stay equal.
-- Columns:
--   procedure_key   uinteger         the procedure it belongs to
--   instrument      instrument_word
--   days            double           above 0
--   score           double           in the unit of the instrument
--   baseline_score  double           null when not paired
with asked as (
    select *
    from assessments
    where days > 0 and instrument in ('pain_nrs', 'pain_vas', 'odi', 'walking_ability')
),

ending as (
    select procedure_key, next_procedure_days
    from procedure_timeline
    where next_procedure_days is not null
),

late as (
    select
        later_procedure_key as procedure_key,
        instrument,
        round(days - gap_days, 6) as days,
        score,
        gap_days
    from asked
    join later_procedures using (procedure_key)
    where is_later_completed and days > gap_days
    qualify gap_days = max(gap_days) over (
        partition by asked.procedure_key, asked.instrument, asked.days
    )
),

moved as (
    select procedure_key, instrument, days, arg_min(score, gap_days) as score
    from late
    group by procedure_key, instrument, days
),

owned as (
    select asked.procedure_key, instrument, days, score
    from asked
    left join ending using (procedure_key)
    where next_procedure_days is null or days <= next_procedure_days
    union all
    select procedure_key, instrument, days, score
    from moved
    where not exists (
        select 1
        from asked
        where
            asked.procedure_key = moved.procedure_key
            and asked.instrument = moved.instrument
            and asked.days = moved.days
    )
)

select
    owned.procedure_key,
    owned.instrument,
    owned.days,
    owned.score,
    baselines.score as baseline_score
from owned
left join baselines using (procedure_key, instrument)
