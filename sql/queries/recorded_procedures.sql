-- How many recorded procedures the cohort's filters meet, and which of them are not in it.
--
-- Grain:   one row per cause and technique.
-- Takes:   $cohort.
-- Caution: the macro reads the timeline by name; here every row passes it as completed and as a
--          unit of its own, so that the same filters count what the cohort itself leaves out.
-- Columns:
--   cause             cause_word
--   technique         technique_word
--   recorded          bigint
--   aborted           bigint
--   not_index         bigint  completed, but not the unit counted
--   status_not_given  bigint  in the cohort; an empty status counts as completed
with counted as (
    select procedure_key
    from cohort($cohort)
),

procedure_timeline as (
    select * exclude (is_completed), true as is_completed, not is_completed as is_aborted
    from main.procedure_timeline
)

select
    everyone.cause,
    everyone.technique,
    count(*) as recorded,
    count(*) filter (where is_aborted) as aborted,
    count(*) filter (where not is_aborted and counted.procedure_key is null) as not_index,
    count(*) filter (where counted.procedure_key is not null and procedure_status is null)
        as status_not_given
from cohort(struct_update($cohort, unit := 'all')) as everyone
join procedures using (procedure_key)
left join counted using (procedure_key)
group by everyone.cause, everyone.technique
order by everyone.cause, everyone.technique
