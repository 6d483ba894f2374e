-- New vertebral fractures that count for each procedure, classed by their level.
--
-- Grain:   one row per procedure, fractured level and day, for the patient's own and every earlier
--          procedure (endpoints.md ruling 10: counted at gap + onset).
-- Class:   ruling 12: refracture = a level treated in this procedure; adjacent = one above or below
--          such a level and not fractured before; remote = the rest. The recorded type decides only
--          where the level, or every treated level, is not recorded.
-- Before:  treated in another completed procedure, or recorded as fractured, on an earlier day.
-- Caution: onset_days is null where the day is unknown. Two records of one level and day are one.
-- Columns:
--   procedure_key  uinteger  the procedure it counts for
--   class          varchar   'adjacent', 'remote' or 'refracture'
--   onset_days     double    days from this procedure
--   symptomatic    varchar   'yes', 'no' or 'unknown'
with elsewhere as (
    select procedure_key, later_procedure_key as other_key, gap_days as shift_days, true as is_later
    from later_procedures
    union all
    select later_procedure_key, procedure_key, -gap_days, false
    from later_procedures
),

reported as (
    select
        procedure_key,
        replace(type::varchar, '_fracture', '') as type,
        level::varchar as level,
        onset_days,
        coalesce(symptomatic::varchar, 'unknown') as symptomatic
    from complications
    where type in ('adjacent_fracture', 'remote_fracture', 'refracture')
),

recorded as (
    select *, true as is_counted
    from reported
    union all
    select
        elsewhere.procedure_key,
        type,
        level,
        shift_days + onset_days,
        symptomatic,
        is_later
    from reported
    join elsewhere on reported.procedure_key = elsewhere.other_key
),

known_levels as (
    select procedure_key, level, onset_days as known_days
    from recorded
    union all
    select elsewhere.procedure_key, treated_levels.level::varchar, shift_days
    from treated_levels
    join elsewhere on treated_levels.procedure_key = elsewhere.other_key
    join procedure_timeline as others on others.procedure_key = elsewhere.other_key
    where others.is_completed
),

first_known as (
    select procedure_key, level, min(known_days) as known_days
    from known_levels
    where level is not null
    group by procedure_key, level
),

fractures as (
    select
        procedure_key,
        level,
        case left(level, 1) when 'C' then 0 when 'T' then 7 else 19 end
        + cast(substr(level, 2) as integer) as position,
        onset_days,
        min(type) as type,
        case
            when max(case when symptomatic = 'yes' then 1 else 0 end) = 1 then 'yes'
            when max(case when symptomatic = 'no' then 0 else 1 end) = 0 then 'no'
            else 'unknown'
        end as symptomatic
    from recorded
    where is_counted
    group by procedure_key, level, onset_days
),

treated as (
    select
        procedure_key,
        case left(level::varchar, 1) when 'C' then 0 when 'T' then 7 else 19 end
        + cast(substr(level::varchar, 2) as integer) as position
    from treated_levels
    where procedure_key in (select procedure_key from fractures)
),

measured as (
    select
        fractures.procedure_key,
        fractures.level,
        fractures.onset_days,
        min(type) as type,
        min(symptomatic) as symptomatic,
        min(abs(fractures.position - treated.position)) as distance
    from fractures
    left join treated using (procedure_key)
    group by fractures.procedure_key, fractures.level, fractures.onset_days
)

select
    procedure_key,
    case
        when distance is null then type
        when distance = 0 then 'refracture'
        when distance = 1 and not coalesce(known_days < onset_days, false) then 'adjacent'
        else 'remote'
    end as class,
    onset_days,
    symptomatic
from measured
left join first_known using (procedure_key, level)
