-- The last score before a procedure, for each kind of score that outcomes start from.
--
-- Grain:    one row per procedure and kind of score, where one was recorded in time.
-- Baseline: endpoints.md, visit windows: days -30 to 0, both included. Pain is the last score of
--           either instrument, pain_nrs where both fall on one day (ruling 8); only the instrument
--           of the baseline is followed afterwards.
-- Caution:  only scores recorded under the procedure itself count here: a score between two
--           procedures is the earlier one's, and negative days are a baseline of their own row.
-- Columns:
--   procedure_key  uinteger         key
--   kind           varchar          'pain', 'odi' or 'walking'
--   instrument     instrument_word  the instrument of the baseline
--   score          double           in the unit of the instrument
with before as (
    select
        procedure_key,
        instrument,
        score,
        case instrument when 'odi' then 'odi' when 'walking_ability' then 'walking' else 'pain' end
            as kind,
        days + case when instrument = 'pain_nrs' then 1e-9 else 0 end as precedence
    from assessments
    where
        days between -30 and 0
        and instrument in ('pain_nrs', 'pain_vas', 'odi', 'walking_ability')
)

select
    procedure_key,
    kind,
    arg_max(instrument, precedence) as instrument,
    arg_max(score, precedence) as score
from before
group by procedure_key, kind
