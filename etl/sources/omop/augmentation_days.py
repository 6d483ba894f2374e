"""One record for each person and day with augmentation codes: what a mapping makes procedures of.

OMOP has a record for each code, so that a session of two levels is two of them. Whether the codes
of one day are one session is the mapping's to say; most often they are, and then this table has
the rows of canonical procedures.
"""

from array import array
from pathlib import Path

from etl.sources.omop.cdm_table import CdmTable, literal
from etl.sources.omop.columns import AUGMENTATION_DAY
from etl.sources.text_table import TextTable
from warehouse.connection import Connection

OLDEST = 90
"""Years; this age stands for itself and all above."""

_DAYS = f"""
with billed as (
    select
        kept.record,
        kept.person_id,
        left(kept.procedure_date, 10) as augmentation_date,
        coalesce(codes.bare, kept.procedure_source_value, standard.bare) as bare_code,
        kept.visit_occurrence_id,
        kept.provider_id
    from kept_procedure_occurrence as kept
    left join codes on codes.concept_id = nullif(kept.procedure_source_concept_id, '0')
    left join codes as standard on standard.concept_id = kept.procedure_concept_id
    where kept.fault is null and kept.how is not null
),

born as (
    select person_id, max(try_cast(year_of_birth as integer)) as year_of_birth
    from kept_person
    where fault is null
    group by person_id
    having count(distinct year_of_birth) = 1
),

days as (
    select
        min(record) as record,
        person_id,
        augmentation_date,
        string_agg(bare_code, '; ' order by record) as bare_codes,
        case when count(distinct visit_occurrence_id) = 1 then min(visit_occurrence_id) end
            as visit_occurrence_id,
        case when count(distinct provider_id) = 1 then min(provider_id) end as provider_id
    from billed
    group by person_id, augmentation_date
)

select
    days.*,
    row_number() over of_person as augmentation_number,
    cast(augmentation_date as date) - lag(cast(augmentation_date as date)) over of_person
        as days_since_previous,
    least(year(cast(augmentation_date as date)) - year_of_birth, {OLDEST}) as age_by_years
from days
left join born using (person_id)
window of_person as (partition by days.person_id order by augmentation_date)
"""


def write_augmentation_days(connection: Connection, source: CdmTable, folder: Path) -> TextTable:
    """Write the days, in the order of their first code; a record stands where that code stands.

    `source` is procedure_occurrence. Visit and provider are empty where the codes of a day have
    several. `age_by_years` is the difference of two years, so it may be one too many, and is at
    most 90.
    """
    path = folder / f"{AUGMENTATION_DAY.name}.csv"
    path.touch(mode=0o600)
    names = tuple(column.name for column in AUGMENTATION_DAY.columns)
    connection.execute(f"create table augmentation_days as {_DAYS}")
    connection.execute(
        f"copy (select {', '.join(names)} from augmentation_days order by record) "
        f"to {literal(path)} (format csv, header true, use_tmp_file false)"
    )
    records = connection.execute("select record from augmentation_days order by record").fetchall()
    return TextTable(
        name=AUGMENTATION_DAY.name,
        origin=source.origin,
        title=f"{source.title}, days of augmentation",
        header=names,
        readable_path=path,
        records=len(records),
        places=array("q", (source.place_of(record) for (record,) in records)),
        place_word=source.place_word,
    )
