"""Tables `treated_levels` and `leaks`."""

import numpy as np
import pyarrow as pa

from etl.synthesis import cells
from etl.synthesis.cohort import CANCER, TRAUMA, by_cause
from etl.synthesis.drawn import Drawn, recorded_cause
from etl.synthesis.levels import Levels
from etl.synthesis.streams import Array, Codes, Flags, Streams
from etl.synthesis.treatment import IMPLANT, KYPHOPLASTY, MIXED, VERTEBROPLASTY
from warehouse.vocabulary import (
    APPROACHES,
    CAUSES,
    LEAK_MODALITIES,
    LEAK_ROUTES,
    LEVELS,
    TECHNIQUES,
    YES_NO_UNKNOWN,
)

AO_TYPES = ("A1", "A2", "A3", "A4", "B2")
CEMENT_TYPES = ("PMMA", "PMMA_high_viscosity", "calcium_phosphate")
POSITIONS = ("supine", "standing")
CEMENT_ML = (4.6, 3.9, 4.5)
ANGLES_KEPT, POST_ANGLES_KEPT = 0.80, 0.45
HEIGHT_GAIN = (9.0, 4.0, 10.0)


def level_table(drawn: Drawn, streams: Streams) -> pa.Table:
    """Return table `treated_levels` of the block."""
    levels, row = drawn.levels, drawn.levels.row
    technique = _technique(drawn)
    cause = recorded_cause(drawn.cohort, streams)[row]
    columns = {
        "procedure_id": cells.identifiers("C", row + drawn.first),
        "level": cells.words(levels.level, LEVELS),
        "technique": cells.words(technique, TECHNIQUES),
        "cause": cells.words(cause, CAUSES, streams.share("level cause", 0.9, len(row))),
        **_fracture(drawn, streams),
        **_augmentation(drawn, technique, streams),
        **_restoration(drawn, technique, streams),
        "leak_checked": cells.yes_no(levels.checked),
        "leak_modality": cells.words(levels.modality, LEAK_MODALITIES, levels.checked),
    }
    return cells.table_of("treated_levels", columns)


def leak_table(drawn: Drawn, streams: Streams) -> pa.Table:
    """Return table `leaks`: one row per route of each leak that was looked for."""
    levels = drawn.levels
    seen = np.flatnonzero(levels.leaks & levels.checked)
    row = np.concatenate([seen, seen[levels.second_route[seen] >= 0]])
    route = np.concatenate([levels.route[seen], levels.second_route[seen]])
    route = route[route >= 0]
    symptomatic = np.where(levels.symptomatic[row], 0, 1)
    unknown = streams.share("leak symptoms unknown", 0.03, len(levels))[row]
    symptomatic = np.where(unknown & (symptomatic == 1), 2, symptomatic)
    order = np.argsort(row, kind="stable")
    row, route, symptomatic = row[order], route[order], symptomatic[order]
    columns = {
        "procedure_id": cells.identifiers("C", levels.row[row] + drawn.first),
        "level": cells.words(levels.level[row], LEVELS),
        "route": cells.words(route, LEAK_ROUTES),
        "symptomatic": cells.words(symptomatic, YES_NO_UNKNOWN),
    }
    return cells.table_of("leaks", columns)


def _technique(drawn: Drawn) -> Codes:
    """Return each level's technique: under `mixed` the first has a cavity, the others none."""
    technique = drawn.treatment.recorded[drawn.levels.row]
    by_level = np.where(drawn.levels.is_first, KYPHOPLASTY, VERTEBROPLASTY)
    return np.where(technique == MIXED, by_level, technique)


def _fracture(drawn: Drawn, streams: Streams) -> dict[str, pa.Array]:
    levels, row, count = drawn.levels, drawn.levels.row, len(drawn.levels)
    cause = drawn.cohort.cause[row]
    older = np.round(30 * streams.uniform("older level", count))
    age = drawn.cohort.fracture_age[row] + np.where(levels.is_first, 0, older)
    usual = streams.among("ao", (0.52, 0.12, 0.26, 0.08, 0.02), count)
    severe = streams.among("ao trauma", (0.30, 0.14, 0.34, 0.18, 0.04), count)
    ao_type = np.where(cause == TRAUMA, severe, usual)
    cleft = streams.happens("cleft", np.where(age > 42, 0.16, 0.05))
    return {
        "fracture_age_days": cells.number(age, where=streams.share("age kept", 0.9, count)),
        "ao_type": cells.words(
            ao_type, AO_TYPES, (cause != CANCER) & streams.share("ao kept", 0.6, count)
        ),
        "posterior_wall_breach": cells.yes_no(
            levels.breach, streams.share("breach kept", 0.95, count)
        ),
        "cleft": cells.yes_no(cleft, streams.share("cleft kept", 0.7, count)),
    }


def _augmentation(drawn: Drawn, technique: Codes, streams: Streams) -> dict[str, pa.Array]:
    row, count = drawn.levels.row, len(drawn.levels)
    done = ~drawn.treatment.aborted[row]
    place = _place(technique)
    cement = np.asarray(CEMENT_ML)[place] + 1.2 * streams.normal("cement", count)
    cement = np.clip(cement, 1, 9.5)
    balloon = np.clip(4.4 + 0.8 * streams.normal("balloon", count), 1.5, 8)
    bipedicular = streams.happens("bipedicular", np.where(drawn.treatment.has_cavity, 0.8, 0.45))[
        row
    ]
    biopsy = streams.happens("biopsy", by_cause((0.12, 0.6, 0.04), drawn.cohort.cause)[row])
    malignant = streams.happens("malignant", by_cause((0.02, 0.75, 0.0), drawn.cohort.cause)[row])
    kind = streams.among("cement type", (0.7, 0.28, 0.02), count)
    return {
        "approach": cells.words(bipedicular.astype(np.int64), APPROACHES),
        "cement_ml": cells.number(
            cement,
            places=1,
            where=done & streams.share("cement kept", 0.96, count),
        ),
        "cement_type": cells.words(kind, CEMENT_TYPES, done),
        "balloon_ml": cells.number(balloon, places=1, where=done & (technique == KYPHOPLASTY)),
        "biopsy": cells.words(np.where(biopsy, 1 + malignant, 0), ("none", "benign", "malignant")),
    }


def _place(technique: Codes) -> Codes:
    """Return 0 for a balloon, 1 for vertebroplasty, 2 for an implant."""
    return np.where(technique == VERTEBROPLASTY, 1, np.where(technique == IMPLANT, 2, 0))


def _restoration(drawn: Drawn, technique: Codes, streams: Streams) -> dict[str, pa.Array]:
    """Return angles and heights; the later image is there for fewer than half of the levels."""
    levels, row, count = drawn.levels, drawn.levels.row, len(drawn.levels)
    has_pre = streams.share("angle kept", ANGLES_KEPT, count)
    image_day = _image_day(levels, streams)
    reached = image_day <= drawn.contact.last_contact[row]
    has_post = has_pre & reached & streams.share("post angle kept", POST_ANGLES_KEPT, count)
    has_post &= ~drawn.treatment.aborted[row]
    plain = technique == VERTEBROPLASTY
    gained = np.where(plain, levels.correction_vertebroplasty, levels.correction_kyphoplasty)
    before = np.clip(67 + 12 * streams.normal("height", count), 20, 98)
    after = before + np.asarray(HEIGHT_GAIN)[_place(technique)] + 7 * streams.normal("gain", count)
    return {
        "kyphotic_angle_pre": cells.number(levels.kyphosis, places=1, where=has_pre),
        "kyphotic_angle_post": cells.number(levels.kyphosis - gained, places=1, where=has_post),
        "anterior_height_pct_pre": cells.number(before, where=has_pre),
        "anterior_height_pct_post": cells.number(np.clip(after, 15, 108), where=has_post),
        "post_image_days": cells.number(image_day, where=has_post),
        **_positions(has_pre, has_post, streams),
    }


def _image_day(levels: Levels, streams: Streams) -> Array:
    early = np.floor(3 * streams.uniform("image day", len(levels)))
    late = 70 + np.floor(60 * streams.uniform("late image day", len(levels)))
    is_early = streams.share("early image", 0.55, len(levels.route))
    return np.where(is_early, early, late)


def _positions(has_pre: Flags, has_post: Flags, streams: Streams) -> dict[str, pa.Array]:
    before = streams.share("standing", 0.4, len(has_pre)).astype(np.int64)
    turned = streams.share("turned", 0.1, len(has_pre))
    after = np.where(turned, 1 - before, before)
    has_post = has_post & streams.share("position kept", 0.95, len(has_pre))
    return {
        "image_position_pre": cells.words(before, POSITIONS, has_pre),
        "image_position_post": cells.words(after, POSITIONS, has_post),
    }
