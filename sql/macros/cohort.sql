-- Who is in: the one definition of a cohort, for every page, report and command.
--
-- Grain:   one row per procedure in the cohort.
-- Index:   endpoints.md ruling 9: with unit 'index', the first completed procedure of the patient
--          inside year_from to year_to; the other filters then keep or drop it, and never choose
--          another. With unit 'all', every completed procedure inside the period.
-- Caution: an empty list means all. Unknown ages are in only while no age is asked for.
-- Columns: those of procedure_timeline.
create or replace macro cohort(chosen) as table
select *
from procedure_timeline
where
    is_completed
    and (chosen['year_from'] is null or procedure_year >= chosen['year_from'])
    and (chosen['year_to'] is null or procedure_year <= chosen['year_to'])
    and (
        chosen['unit'] = 'all'
        or (
            is_order_known
            and (
                earlier_completed_year is null
                or (chosen['year_from'] is not null and earlier_completed_year < chosen['year_from'])
            )
        )
    )
    and (len(chosen['technique']) = 0 or list_contains(chosen['technique'], technique::varchar))
    and (len(chosen['cause']) = 0 or list_contains(chosen['cause'], cause::varchar))
    and (len(chosen['site']) = 0 or list_contains(chosen['site'], site_id))
    and (len(chosen['surgeon']) = 0 or list_contains(chosen['surgeon'], surgeon_id))
    and (len(chosen['sex']) = 0 or list_contains(chosen['sex'], sex))
    and (len(chosen['setting']) = 0 or list_contains(chosen['setting'], setting))
    and (len(chosen['levels']) = 0 or list_contains(chosen['levels'], levels))
    and (chosen['age_from'] is null or age_years >= chosen['age_from'])
    and (chosen['age_to'] is null or age_years <= chosen['age_to'])
