-- The first event of each kind that counts for a procedure.
--
-- Grain:   one row per procedure and kind of event.
-- Related: a complication is judged definitely, probably or possibly related to device, procedure
--          or anaesthesia; fractures, readmissions and repeat procedures count whatever was judged.
-- Later:   endpoints.md ruling 10: fractures, infections and readmissions recorded under a later
--          procedure count at gap + onset; other events stay where they are recorded.
-- Kinds:   complication_any, complication_<type>, mechanism_<mechanism>, grade_<system>_<grade>,
--          neurological, infection_deep, infection_deep_or_unknown, cement_embolism_symptomatic,
--          cement_embolism_imaging, readmission (unplanned, after discharge), repeat_procedure,
--          fracture_<class>_any, fracture_<class>_symptomatic, fracture_<class>_imaging.
-- Caution: first_days is null where no event of the kind has a day (ruling 16).
-- Columns:
--   procedure_key  uinteger  the procedure it counts for
--   kind           varchar   one of the kinds above
--   first_days     double    days from this procedure to the first one
with reported as (
    select
        procedure_key,
        type::varchar as type_name,
        onset_days,
        coalesce(relatedness::varchar, 'unknown') in ('definite', 'probable', 'possible')
            as is_related,
        mechanism::varchar as mechanism,
        grade_system::varchar || '_' || grade::varchar as graded,
        symptomatic::varchar as symptomatic,
        coalesce(infection_depth::varchar, 'unknown') as infection_depth,
        planned::varchar as planned
    from complications
),

counted as (
    select * from reported
    union all
    select
        later_procedures.procedure_key,
        type_name,
        gap_days + onset_days,
        is_related,
        mechanism,
        graded,
        symptomatic,
        infection_depth,
        planned
    from reported
    join later_procedures on reported.procedure_key = later_procedures.later_procedure_key
    where type_name in ('infection', 'readmission')
),

judged as (
    select *
    from counted
    where
        is_related
        and type_name not in (
            'adjacent_fracture', 'remote_fracture', 'refracture',
            'readmission', 'repeat_procedure', 'death'
        )
),

events as (
    select procedure_key, 'complication_any' as kind, onset_days
    from judged
    union all
    select procedure_key, 'complication_' || type_name, onset_days
    from judged
    union all
    select procedure_key, 'mechanism_' || coalesce(mechanism, 'unknown'), onset_days
    from judged
    union all
    select procedure_key, 'grade_' || graded, onset_days
    from judged
    where graded is not null
    union all
    select procedure_key, 'neurological', onset_days
    from judged
    where
        type_name in (
            'nerve_injury', 'spinal_cord_injury', 'cauda_equina', 'weakness_numbness_tingling'
        )
    union all
    select procedure_key, 'infection_deep', onset_days
    from judged
    where type_name = 'infection' and infection_depth = 'deep'
    union all
    select procedure_key, 'infection_deep_or_unknown', onset_days
    from judged
    where type_name = 'infection' and infection_depth in ('deep', 'unknown')
    union all
    select
        procedure_key,
        case
            when symptomatic = 'yes' then 'cement_embolism_symptomatic'
            else 'cement_embolism_imaging'
        end,
        onset_days
    from judged
    where type_name = 'pulmonary_cement_embolism' and symptomatic in ('yes', 'no')
    union all
    select procedure_key, 'readmission', onset_days
    from counted
    join event_follow_up using (procedure_key)
    where
        type_name = 'readmission'
        and planned = 'no'
        and coalesce(onset_days >= discharge_days, true)
    union all
    select procedure_key, 'repeat_procedure', next_procedure_days
    from procedure_timeline
    where next_procedure_days is not null
    union all
    select procedure_key, 'fracture_' || class || '_any', onset_days
    from new_fractures
    union all
    select
        procedure_key,
        'fracture_' || class || case symptomatic when 'yes' then '_symptomatic' else '_imaging' end,
        onset_days
    from new_fractures
    where symptomatic in ('yes', 'no')
)

select procedure_key, kind, min(onset_days) as first_days
from events
group by procedure_key, kind
