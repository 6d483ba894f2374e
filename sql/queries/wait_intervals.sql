-- Between which days the event came, as visits can tell: what the bounds are drawn from.
--
-- Grain:   one row per cause, technique and distinct interval.
-- Takes:   $cohort; $definition of the marts `relief` and `recovery`.
-- Binned:  outward, so that bounds can only widen: to a thousandth of a day up to day 2, to whole
--          days up to day 135, to the closing days of later visits beyond.
-- Columns:
--   cause            cause_word
--   technique        technique_word
--   left_days        double  the event was not there yet on this day
--   right_days       double  it was there by this day; null when not seen
--   competing_days   double  the day of death or of a later procedure; null when neither came first
--   known_free_days  double  nothing else had ended the wait by then; null with any event
--   procedures       bigint
with waits as (
    select procedure_key, last_free_days, first_seen_days, end_kind, end_days
    from relief
    where definition = $definition
    union all
    select procedure_key, last_free_days, first_seen_days, end_kind, end_days
    from recovery
    where definition = $definition
),

ends as (
    select
        cause,
        technique,
        last_free_days as lower_end,
        case end_kind when 1 then first_seen_days when 2 then end_days end as upper_end,
        case when end_kind = 0 then greatest(last_known_alive_days, last_free_days) end
            as known_end,
        end_kind
    from waits
    join cohort($cohort) using (procedure_key)
),

binned as (
    select
        cause,
        technique,
        case
            when lower_end < 2 then floor(lower_end * 1000 + 1e-6) / 1000
            when lower_end < 136 then floor(lower_end + 1e-9)
            when lower_end < 270 then 135
            when lower_end < 540 then 270
            when lower_end < 910 then 540
            else 910
        end as left_days,
        case
            when upper_end <= 2 then ceil(upper_end * 1000 - 1e-6) / 1000
            when upper_end <= 135 then ceil(upper_end - 1e-9)
            when upper_end <= 270 then 270
            when upper_end <= 540 then 540
            when upper_end <= 910 then 910
            else ceil(upper_end)
        end as upper_days,
        case
            when known_end < 136 then floor(known_end + 1e-9)
            when known_end < 270 then 135
            when known_end < 540 then 270
            when known_end < 910 then 540
            else 910
        end as known_days,
        end_kind
    from ends
)

select
    cause,
    technique,
    left_days,
    case when end_kind = 1 then upper_days end as right_days,
    case when end_kind = 2 then upper_days end as competing_days,
    case when end_kind = 0 then greatest(known_days, left_days) end as known_free_days,
    count(*) as procedures
from binned
group by all
order by all
