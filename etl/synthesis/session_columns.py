"""Columns of `procedures` that describe the session and the stay."""

import numpy as np
import pyarrow as pa

from etl.synthesis import cells
from etl.synthesis.drawn import Drawn, kept, words_of
from etl.synthesis.streams import Array, Codes, Streams
from etl.synthesis.treatment import KYPHOPLASTY, MIXED, Treatment
from warehouse.vocabulary import SETTINGS

FLUOROSCOPY_PER_LEVEL = (6.145, 4.943)
MINUTES = (39.97, 31.99)
"""After a cavity (balloon or implant), and vertebroplasty."""


def session_columns(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    """Return what is recorded of the sessions: column name -> text, one value a procedure."""
    cohort, treatment, count = drawn.cohort, drawn.treatment, len(drawn.cohort)
    treated = np.bincount(drawn.levels.row, minlength=count)
    bipedicular = streams.happens("bipedicular", np.where(treatment.has_cavity, 0.8, 0.45))
    needles = treated * np.where(bipedicular, 2, 1)
    balloons = np.where(treatment.recorded == MIXED, np.minimum(needles, 2), needles)
    with_balloon = np.isin(treatment.recorded, (KYPHOPLASTY, MIXED)) & ~treatment.aborted
    minutes, beam = _duration(treatment, treated, streams)
    kerma = beam * 45 * np.exp(0.4 * streams.normal("kerma", count))
    setting = np.where(cohort.inpatient, 2, np.where(drawn.contact.in_office, 0, 1))
    deeper = streams.among("anesthesia cavity", (0.12, 0.53, 0.35), count)
    lighter = streams.among("anesthesia", (0.45, 0.48, 0.07), count)
    return {
        "setting": cells.words(setting, SETTINGS),
        "anesthesia": cells.words(
            np.where(treatment.has_cavity, deeper, lighter), words_of("anesthesia")
        ),
        "approach": cells.words(bipedicular.astype(np.int64), words_of("approach")),
        "needle_count": cells.number(needles, where=~treatment.aborted),
        "balloon_count": cells.number(balloons, where=with_balloon),
        "procedure_minutes": cells.number(
            minutes, where=kept(streams, "minutes kept", 0.95, count)
        ),
        "fluoroscopy_minutes": cells.number(
            beam, places=1, where=kept(streams, "beam kept", 0.92, count)
        ),
        "air_kerma_mgy": cells.number(kerma, where=kept(streams, "kerma kept", 0.8, count)),
        **_discharge(drawn, streams),
    }


def _duration(treatment: Treatment, treated: Codes, streams: Streams) -> tuple[Array, Array]:
    """Return minutes of the procedure and, shorter, of fluoroscopy."""
    count, place = len(treated), np.where(treatment.has_cavity, 0, 1)
    minutes = np.asarray(MINUTES)[place] * (0.9 + 0.078 * treated)
    minutes = minutes * np.exp(0.3 * streams.normal("minutes", count) - 0.045)
    spread = np.sqrt(np.log1p((3.3 / 4.9) ** 2))
    beam = np.exp(spread * streams.normal("beam", count) - spread**2 / 2)
    beam = np.asarray(FLUOROSCOPY_PER_LEVEL)[place] * treated * beam
    minutes = np.round(np.clip(minutes, 11, 200))
    return minutes, np.round(np.minimum(beam, minutes - 1), 1)


def _discharge(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    contact, count = drawn.contact, len(drawn.cohort)
    return {
        "length_of_stay_hours": cells.number(
            contact.stay_hours, places=1, where=kept(streams, "stay kept", 0.95, count)
        ),
        "same_day_discharge": cells.yes_no(
            contact.same_day, kept(streams, "same day kept", 0.985, count)
        ),
        "has_caregiver_at_home": cells.yes_no(
            streams.share("caregiver", 0.68, count), kept(streams, "caregiver kept", 0.12, count)
        ),
        "rehabilitation_plan": cells.yes_no(
            streams.share("rehabilitation", 0.4, count), kept(streams, "plan kept", 0.15, count)
        ),
    }
