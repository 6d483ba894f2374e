-- Nobody is treated again after the death.
--
-- Table:     procedures
-- Category:  temporal
-- Severity:  warning
-- Returns:   the later procedure of such a patient; none when the data are sound.
-- Columns:   record_id, column_name, found, allowed
with deaths as (
    select
        patient_key,
        augmentation_number + 1 as augmentation_number,
        min(death_days) as death_days
    from known_procedures
    where death_days is not null and augmentation_number is not null
    group by patient_key, augmentation_number
)

select
    record as record_id,
    'days_since_previous_procedure' as column_name,
    days_since_previous_procedure::varchar as found,
    'up to death_days of the procedure before' as allowed
from stg_procedures as stg
join deaths using (patient_key, augmentation_number)
where days_since_previous_procedure > deaths.death_days
