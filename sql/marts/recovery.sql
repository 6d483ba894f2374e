-- When activity, work or unaided walking was first known to be back, and what else ended the wait.
--
-- Grain:    one row per definition and eligible completed procedure; ordered by definition.
-- Activity: endpoints.md E3: independent or with help before, and baseline ODI above 20. Back on
--           the day the patient gave; without one, at the first ODI of 20 or less. 'activity_day'
--           takes given days only, of those who answered; 'activity_odi' takes ODI only.
-- Work:     employed before; the day given. Walking: baseline under 3, the first score of 3.
-- Not yet:  an answer 'not yet' is a known day without the event (ruling 6), of activity and work.
-- End:      as in relief: the event, else death or a later augmentation, else the last day known
--           to be without the event; on one day the event counts first.
-- Caution:  happened on a day not known: no row, and counted apart (ruling 16). A given day is
--           exact; a score says only that the event came after the score before it.
-- Columns:
--   definition       varchar   'activity', 'activity_day', 'activity_odi', 'walking' or 'work'
--   procedure_key    uinteger
--   last_free_days   double    0 when there is none
--   first_seen_days  double    null when the event did not come first; last_free_days when exact
--   end_kind         integer   0 nothing seen, 1 the event, 2 death or a later procedure
--   end_days         double    day on which the wait ended
--   source           varchar   'day' or 'score', of an event; null without
with people as (
    select
        procedures.*,
        greatest(
            coalesce(
                least(procedure_timeline.death_days, next_procedure_days), 'infinity'::double
            ),
            0
        ) as competing_days,
        coalesce(return_to_activity_status::varchar, '') as activity_answer,
        coalesce(return_to_work_status::varchar, '') as work_answer
    from procedure_timeline
    join procedures using (procedure_key)
    where is_completed
),

active as (
    select
        people.*,
        case when activity_answer = 'happened' then return_to_activity_days end as given,
        case when activity_answer = 'not_yet' then return_to_activity_asked_days end as not_yet,
        odi.first_back_days,
        odi.before_back_days,
        coalesce(late.reading is not null, false) as is_late,
        late.first_back_days as late_first_back_days,
        late.before_back_days as late_before_back_days
    from people
    join baselines on people.procedure_key = baselines.procedure_key and kind = 'odi'
    left join function_seen as odi
        on people.procedure_key = odi.procedure_key and odi.reading = 'odi'
    left join function_seen as late
        on people.procedure_key = late.procedure_key and late.reading = 'odi_after_not_yet'
    where activity_before in ('independent', 'with_help') and score > 20 + 1e-9
),

defined as (
    select
        'activity' as definition,
        procedure_key,
        competing_days,
        given,
        case when is_late then late_before_back_days else coalesce(before_back_days, not_yet) end
            as before,
        case when is_late then late_first_back_days else first_back_days end as seen,
        activity_answer = 'happened' as has_happened
    from active
    union all
    select
        'activity_day', procedure_key, competing_days, given, not_yet, null,
        activity_answer = 'happened'
    from active
    where activity_answer in ('happened', 'not_yet')
    union all
    select
        'activity_odi', procedure_key, competing_days, null,
        before_back_days, first_back_days, false
    from active
    union all
    select
        'walking', people.procedure_key, competing_days, null,
        before_back_days, first_back_days, false
    from people
    join baselines on people.procedure_key = baselines.procedure_key and kind = 'walking'
    left join function_seen
        on people.procedure_key = function_seen.procedure_key and reading = 'walking'
    where score < 3 - 1e-9
    union all
    select
        'work', procedure_key, competing_days,
        case when work_answer = 'happened' then return_to_work_days end,
        case when work_answer = 'not_yet' then return_to_work_asked_days end,
        null,
        work_answer = 'happened'
    from people
    where employed_before = 'yes' and work_answer <> 'not_applicable'
),

waited as (
    select
        *,
        coalesce(given, before, 0) as free_days,
        coalesce(given, seen) as event_days
    from defined
    where not has_happened or given is not null or seen is not null
)

select
    definition,
    procedure_key,
    least(free_days, competing_days) as last_free_days,
    case when event_days <= competing_days then event_days end as first_seen_days,
    case when event_days <= competing_days then 1 when isfinite(competing_days) then 2 else 0 end
        as end_kind,
    case
        when event_days <= competing_days then event_days
        when isfinite(competing_days) then competing_days
        else free_days
    end as end_days,
    case
        when event_days <= competing_days
            then case when given is null then 'score' else 'day' end
    end as source
from waited
