-- When relief was first seen and what else ended the wait, by each definition.
--
-- Grain:     one row per definition and completed procedure of a compared technique whose
--            baseline pain was 4 or more; ordered by definition, so that a reader of one
--            definition scans little else.
-- Relief:    endpoints.md E1 and E2 v1; see relief_seen and sustained_relief.
-- Given day: relief_days with status happened, above 0, is exact when it lies in (L, R] from the
--            scores (ruling 2), for 'e1' only; otherwise the scores stand.
-- Opioid:    'no_new_opioid' is e1 without the scores at or after the first opioid_mme above 0 of a
--            patient with opioid_at_baseline = no: such a score is no relief, whatever it is.
-- End:       relief, else death or a later augmentation on its day, else the last unrelieved
--            score (ruling 1); on one day relief counts first (ruling 5).
-- Caution:   relief is seen at visits; it happened in (last_free_days, first_seen_days].
-- Columns:
--   definition       varchar   'e1', 'half', 'mild', 'no_new_opioid', 'sustained' or
--                              'two_points'
--   procedure_key    uinteger
--   last_free_days   double    the last unrelieved score before relief; 0 when there is none
--   first_seen_days  double    null when relief did not come first; last_free_days when exact
--   end_kind         integer   0 nothing seen, 1 relief, 2 death or a later procedure
--   end_days         double    visit-dated day on which the wait ended
with new_opioids as (
    select procedure_key, min(days) as opioid_days
    from assessments
    join procedures using (procedure_key)
    where instrument = 'opioid_mme' and score > 0 and days > 0 and opioid_at_baseline = 'no'
    group by procedure_key
),

scored as (
    select
        baselines.procedure_key,
        greatest(
            coalesce(
                least(procedure_timeline.death_days, next_procedure_days), 'infinity'::double
            ),
            0
        ) as competing_days,
        case when relief_status = 'happened' and relief_days > 0 then relief_days end as given_days,
        relief_seen.* exclude (procedure_key),
        coalesce(sustained_relief.last_unrelieved_days, e1_last_unrelieved) as sustained_before,
        sustained_relief.first_relieved_days as sustained_first,
        coalesce(e1_first >= opioid_days, false) as has_new_opioid
    from baselines
    join procedure_timeline using (procedure_key)
    join procedures using (procedure_key)
    left join relief_seen using (procedure_key)
    left join sustained_relief using (procedure_key)
    left join new_opioids using (procedure_key)
    where
        kind = 'pain'
        and baselines.score >= 4
        and is_completed
        and procedure_timeline.technique in ('kyphoplasty', 'vertebroplasty', 'implant')
),

defined as (
    select *, 'e1' as definition, e1_before as before, e1_first as seen, given_days as given
    from scored
    union all
    select *, 'half', half_before, half_first, null from scored
    union all
    select *, 'mild', mild_before, mild_first, null from scored
    union all
    select
        *,
        'no_new_opioid',
        case
            when has_new_opioid then greatest(e1_last_unrelieved, e1_last_relieved) else e1_before
        end,
        case when not has_new_opioid then e1_first end,
        null
    from scored
    union all
    select *, 'sustained', sustained_before, sustained_first, null from scored
    union all
    select *, 'two_points', two_points_before, two_points_first, null from scored
),

placed as (
    select
        *,
        given > coalesce(before, 0) and (seen is null or given <= seen) as is_exact
    from defined
),

waited as (
    select
        *,
        case when is_exact then given else coalesce(before, 0) end as free_days,
        case when is_exact then given else seen end as event_days
    from placed
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
    end as end_days
from waited
