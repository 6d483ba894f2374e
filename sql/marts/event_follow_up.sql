-- How long each procedure was watched for events, and how it was looked at.
--
-- Grain:   one row per procedure.
-- Review:  endpoints.md ruling 13: complications_reviewed = yes to reviewed_through_days, or to
--          observed_through_days where no day is given. No review is not 'no event'.
-- Leaving: discharge is day 0 when the same day, else length_of_stay_hours / 24, else day 0.
-- Columns:
--   procedure_key          uinteger  key
--   observed_through_days  double    days to the data cut
--   reviewed_to_days       double    null when complications were not reviewed
--   death_days             double    null when not known dead
--   last_known_alive_days  double    the later of last contact and last assessment
--   discharge_days         double    days from procedure to discharge
--   is_imaged_later        boolean   a level was imaged after day 60
--   has_chest_ct           boolean   a chest CT was done afterwards
with imaged as (
    select procedure_key, max(post_image_days) > 60 as is_imaged_later
    from treated_levels
    group by procedure_key
)

select
    procedure_key,
    procedure_timeline.observed_through_days,
    case
        when complications_reviewed::varchar = 'yes'
            then coalesce(reviewed_through_days, procedures.observed_through_days)
    end as reviewed_to_days,
    procedure_timeline.death_days,
    last_known_alive_days,
    case
        when coalesce(same_day_discharge::varchar, 'unknown') = 'yes' then 0
        else coalesce(length_of_stay_hours / 24, 0)
    end as discharge_days,
    coalesce(is_imaged_later, false) as is_imaged_later,
    coalesce(chest_ct_done::varchar, 'no') = 'yes' as has_chest_ct
from procedure_timeline
join procedures using (procedure_key)
left join imaged using (procedure_key)
