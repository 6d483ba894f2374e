-- The last pain score before each procedure, among this load's rows and the published ones.
--
-- Grain:   one row per procedure with a pain score on day -30 to 0.
-- Ruling:  endpoints.md 8; on one day pain_nrs wins.
-- Columns:
--   procedure_key   uinteger
--   instrument      instrument_word  pain_nrs or pain_vas
--   days            double           day of the score
--   baseline_score  double
create temp table pain_baselines as
with last_scores as (
    select
        procedure_key,
        -- one number to choose by: the day, and for a tie the instrument
        arg_max(
            {'instrument': instrument, 'days': days, 'score': score},
            days + case when instrument = 'pain_nrs' then 1e-6 else 0 end
        ) as last_score
    from known_assessments
    where
        days between -30 and 0
        and instrument in ('pain_nrs', 'pain_vas')
        and procedure_key is not null
        and score is not null
    group by procedure_key
)

select
    procedure_key,
    last_score['instrument'] as instrument,
    last_score['days'] as days,
    last_score['score'] as baseline_score
from last_scores
