-- Between which scores function was first seen to be back.
--
-- Grain:   one row per procedure and reading with a paired score after the procedure.
-- Reading: 'odi', baseline above 20 and back at 20 or less; 'odi_after_not_yet', the same for who
--          answered 'not yet' about activity, looking after that answer only (ruling 6);
--          'walking', baseline under 3 and back at 3. Tolerance 1e-9.
-- Caution: scores only; given days, deaths and later procedures come in `recovery`.
-- Columns:
--   procedure_key     uinteger  key
--   reading           varchar
--   first_back_days   double    null when never seen back
--   before_back_days  double    last day known not to be back before it (of all, when never back)
with readings as (
    select
        procedure_key,
        'odi' as reading,
        days,
        score <= 20 + 1e-9 as is_back,
        0::double as not_yet_days
    from followed_scores
    where instrument = 'odi' and baseline_score > 20 + 1e-9
    union all
    select
        procedure_key,
        'odi_after_not_yet',
        days,
        score <= 20 + 1e-9,
        return_to_activity_asked_days
    from followed_scores
    join procedures using (procedure_key)
    where
        instrument = 'odi'
        and baseline_score > 20 + 1e-9
        and return_to_activity_status = 'not_yet'
        and return_to_activity_asked_days is not null
    union all
    select
        procedure_key,
        'walking',
        days,
        score >= 3 - 1e-9,
        0
    from followed_scores
    where instrument = 'walking_ability' and baseline_score < 3 - 1e-9
),

firsts as (
    select
        procedure_key,
        reading,
        min(days) filter (where is_back and days > not_yet_days) as first_back_days
    from readings
    group by procedure_key, reading
)

select
    procedure_key,
    reading,
    any_value(first_back_days) as first_back_days,
    greatest(
        max(not_yet_days),
        coalesce(
            max(days) filter (
                where not is_back and (first_back_days is null or days < first_back_days)
            ),
            0
        )
    ) as before_back_days
from readings
join firsts using (procedure_key, reading)
group by procedure_key, reading
