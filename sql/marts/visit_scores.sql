-- The score at each visit: the one nearest to the visit's nominal day.
--
-- Grain:   one row per procedure, kind of score and visit with a score.
-- Windows: endpoints.md, visit windows: after one close up to the next, closes included. The
--          nearest to the nominal day wins; distances equal within 1e-9 tie and go to the earlier
--          (ruling 19).
-- Paired:  only a score of the baseline's instrument counts as one; a visit at which another pain
--          instrument was used has a row without a score.
-- Columns:
--   procedure_key   uinteger
--   kind            varchar  'pain' or 'odi'
--   visit           varchar  '2h', '24h', '1w', '6w', '3mo', '6mo', '12mo' or '24mo'
--   score           double   in the unit of the instrument; null when not paired
--   baseline_score  double   of the same instrument; null when not paired
with visits (number, visit, nominal_days) as (
    values
    (1, '2h', 0.083), (2, '24h', 1), (3, '1w', 7), (4, '6w', 42),
    (5, '3mo', 90), (6, '6mo', 180), (7, '12mo', 365), (8, '24mo', 730)
),

placed as (
    select
        procedure_key,
        instrument = 'odi' as is_odi,
        days,
        score,
        baseline_score,
        case
            when days <= 0.5 then 1
            when days <= 2 then 2
            when days <= 14 then 3
            when days <= 60 then 4
            when days <= 135 then 5
            when days <= 270 then 6
            when days <= 540 then 7
            else 8
        end as number
    from followed_scores
    where instrument in ('pain_nrs', 'pain_vas', 'odi') and days <= 910
),

-- One whole number for procedure, kind and visit groups in half the time that three columns take.
nearest as (
    select
        procedure_key::bigint * 32 + case when is_odi then 16 else 0 end + number as place,
        arg_min(
            score,
            abs(days - nominal_days) - case when days <= nominal_days then 1e-9 else 0 end
        ) filter (where baseline_score is not null) as score,
        max(baseline_score) as baseline_score
    from placed
    join visits using (number)
    group by place
),

apart as (
    select *, floor(place / 32)::uinteger as procedure_key, place % 32 as slot
    from nearest
)

select
    procedure_key,
    case when slot > 16 then 'odi' else 'pain' end as kind,
    visit,
    score,
    baseline_score
from apart
join visits on slot % 16 = number
