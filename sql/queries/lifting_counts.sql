-- Who lifted again before day 42, as far as was asked.
--
-- Grain:   one row per technique, cause, year and status.
-- Takes:   $cohort; $by_year, whether years are told apart.
-- Lifted:  endpoints.md E3: adherence to advice, never recovery.
-- Status:  'before' and 'after': asked on day 42 or later (or on a day not given), with the day of
--          lifting, or 'not yet'; 'not_due': the data cut lies before day 42; 'died': by day 42;
--          'asked_early': last asked before day 42; 'no_day': it happened on a day not known;
--          'not_recorded': the rest; 'not_applicable'.
-- Caution: of those asked early, whoever lifts late could not say so: none of them counts.
-- Columns:
--   technique       technique_word
--   cause           cause_word
--   procedure_year  integer     null unless $by_year
--   status          varchar     as above
--   procedures      bigint
select
    technique,
    cause,
    case when $by_year then procedure_year end as procedure_year,
    case
        when answer = 'not_applicable' then 'not_applicable'
        when coalesce(observed_through_days < 42, true) then 'not_due'
        when death_days <= 42 then 'died'
        when answer in ('happened', 'not_yet') and asked_days < 42 then 'asked_early'
        when answer = 'happened' and resumed_lifting_days < 42 then 'before'
        when answer = 'happened' and resumed_lifting_days is not null then 'after'
        when answer = 'happened' then 'no_day'
        when answer = 'not_yet' and asked_days >= 42 then 'after'
        else 'not_recorded'
    end as status,
    count(*) as procedures
from cohort($cohort)
join (
    select
        procedure_key,
        coalesce(resumed_lifting_status::varchar, 'unknown') as answer,
        resumed_lifting_days,
        resumed_lifting_asked_days as asked_days
    from procedures
) using (procedure_key)
group by all
order by all
