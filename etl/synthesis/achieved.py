"""What a sample shows, measured by the definitions of the endpoints, beside what it should show."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.synthesis.block import Tables

WINDOWS = {"1w": (2, 14), "6w": (14, 60), "3mo": (60, 135), "12mo": (270, 540)}
NOMINAL = {"1w": 7, "6w": 42, "3mo": 90, "12mo": 365}
KYPHOPLASTY, VERTEBROPLASTY = "kyphoplasty", "vertebroplasty"
Frames = Mapping[str, pd.DataFrame]


def measures_of(tables: Tables) -> dict[str, float]:
    """Return every measure of a sample without bad rows; shares and risks in percent."""
    frames = {name: _numbers(table) for name, table in tables.items()}
    index = _index_procedures(frames["procedures"])
    osteoporosis = index[index["cause"] == "osteoporosis"]
    cancer = index[index["cause"] == "cancer"]
    return {
        "age": osteoporosis["age_years"].mean(),
        "women": 100 * (osteoporosis["sex"] == "female").mean(),
        **_pain(frames, osteoporosis),
        "cancer pain": _first_pain(frames, cancer).mean(),
        **_disability(frames, osteoporosis),
        **_room(frames, osteoporosis),
        **_leaks(frames, osteoporosis),
        "kyphosis gap": _kyphosis_gap(frames, osteoporosis),
        **_admissions(frames, osteoporosis),
        **_late_events(frames, osteoporosis),
        **_deaths(index),
    }


def _numbers(table: pa.Table) -> pd.DataFrame:
    """Return a frame in which the columns that hold numbers are numbers."""
    frame = table.to_pandas()
    for column in frame.columns:
        kept = frame[column].dropna()
        if len(kept) and kept.iloc[0].lstrip("-").replace(".", "").isdigit():
            frame[column] = pd.to_numeric(frame[column])
        elif not len(kept):
            frame[column] = np.nan
    return frame


def _index_procedures(procedures: pd.DataFrame) -> pd.DataFrame:
    """Return each patient's first completed procedure by one of the two techniques."""
    completed = procedures[procedures["procedure_status"] == "completed"]
    first = completed.sort_values("augmentation_number").drop_duplicates("patient_id")
    return first[first["technique"].isin([KYPHOPLASTY, VERTEBROPLASTY])].set_index("procedure_id")


def _at_visit(scores: pd.DataFrame, visit: str) -> pd.Series:
    """Return each procedure's score nearest to the nominal day of a visit."""
    opens, closes = WINDOWS[visit]
    inside = scores[(scores["days"] > opens) & (scores["days"] <= closes)]
    nearest = (inside["days"] - NOMINAL[visit]).abs().sort_values(kind="stable").index
    return inside.loc[nearest].drop_duplicates("procedure_id").set_index("procedure_id")["score"]


def _scores(frames: Frames, index: pd.DataFrame, instruments: list[str]) -> pd.DataFrame:
    scores = frames["assessments"]
    scores = scores[scores["instrument"].isin(instruments)]
    return scores[scores["procedure_id"].isin(index.index)]


def _first_pain(frames: Frames, index: pd.DataFrame) -> pd.Series:
    scores = _scores(frames, index, ["pain_nrs", "pain_vas"])
    return scores[scores["days"] <= 0].set_index("procedure_id")["score"]


def _pain(frames: Frames, index: pd.DataFrame) -> dict[str, float]:
    scores = _scores(frames, index, ["pain_nrs", "pain_vas"])
    before = _first_pain(frames, index)
    change = {visit: (_at_visit(scores, visit) - before).mean() for visit in ("1w", "12mo")}
    return {
        "pain": before.mean(),
        "pain 1w": _at_visit(scores, "1w").mean(),
        "pain 6w": _at_visit(scores, "6w").mean(),
        "fall by 1w": 100 * change["1w"] / change["12mo"],
    }


def _disability(frames: Frames, index: pd.DataFrame) -> dict[str, float]:
    scores = _scores(frames, index, ["odi"])
    before = scores[scores["days"] <= 0].set_index("procedure_id")["score"]
    return {
        "odi": before.mean(),
        "odi 6w": _at_visit(scores, "6w").mean(),
        "odi 3mo": _at_visit(scores, "3mo").mean(),
        "odi 12mo": _at_visit(scores, "12mo").mean(),
    }


def _room(frames: Frames, index: pd.DataFrame) -> dict[str, float]:
    """Return minutes of fluoroscopy per level and of the procedure, by technique."""
    levels = frames["treated_levels"].groupby("procedure_id").size().reindex(index.index)
    beam = index["fluoroscopy_minutes"] / levels
    measures = {}
    for technique in (VERTEBROPLASTY, KYPHOPLASTY):
        chosen = index["technique"] == technique
        measures[f"fluoroscopy {technique}"] = beam[chosen].mean()
        measures[f"minutes {technique}"] = index["procedure_minutes"][chosen].mean()
    return measures


def _levels(frames: Frames, index: pd.DataFrame) -> pd.DataFrame:
    levels = frames["treated_levels"]
    levels = levels[levels["procedure_id"].isin(index.index)]
    arm = index["technique"].reindex(levels["procedure_id"]).to_numpy()
    site = index["site_id"].reindex(levels["procedure_id"]).to_numpy()
    year = index["procedure_year"].reindex(levels["procedure_id"]).to_numpy()
    return levels.assign(arm=arm, is_cluster=(site == "C") & (year == 2024))


def _leaks(frames: Frames, index: pd.DataFrame) -> dict[str, float]:
    """Return leaks per level looked at, without the planted cluster."""
    levels = _levels(frames, index)
    levels = levels[(levels["leak_checked"] == "yes") & ~levels["is_cluster"]]
    leaky = pd.MultiIndex.from_frame(frames["leaks"][["procedure_id", "level"]]).unique()
    leaks = pd.MultiIndex.from_frame(levels[["procedure_id", "level"]]).isin(leaky)
    is_ct = (levels["leak_modality"] == "ct").to_numpy()
    arm = levels["arm"].to_numpy()
    rate = {
        (technique, ct): 100 * leaks[(arm == technique) & (is_ct == ct)].mean()
        for technique in (KYPHOPLASTY, VERTEBROPLASTY)
        for ct in (True, False)
    }
    return {
        "leak vertebroplasty": rate[VERTEBROPLASTY, False],
        "leak ratio": rate[KYPHOPLASTY, False] / rate[VERTEBROPLASTY, False],
        "leak ct vertebroplasty": rate[VERTEBROPLASTY, True],
        "leak ct kyphoplasty": rate[KYPHOPLASTY, True],
    }


def _kyphosis_gap(frames: Frames, index: pd.DataFrame) -> float:
    levels = _levels(frames, index)
    same = levels["image_position_pre"] == levels["image_position_post"]
    correction = (levels["kyphotic_angle_pre"] - levels["kyphotic_angle_post"])[same]
    by_arm = correction.groupby(levels["arm"][same]).mean()
    return by_arm[KYPHOPLASTY] - by_arm[VERTEBROPLASTY]


def cumulative_risk(event: np.ndarray, death: np.ndarray, last: np.ndarray, day: float) -> float:
    """Return the Aalen-Johansen risk of an event by a day, death competing.

    Days per procedure, infinite where nothing happened; an event or a death counts on its day
    even after the last contact, everybody else leaves at the last contact.
    """
    is_event = np.isfinite(event) & (event <= death)
    first = np.where(is_event, event, np.where(np.isfinite(death), death, last))
    is_end = is_event | np.isfinite(death)
    days = np.unique(first[is_end & (first <= day)])
    at_risk = len(first) - np.searchsorted(np.sort(first), days, side="left")
    ends = _counts(first[is_end], days)
    events = _counts(first[is_event], days)
    free = np.concatenate([[1.0], np.cumprod(1 - ends / at_risk)[:-1]])
    return float(np.sum(free * events / at_risk))


def _counts(values: np.ndarray, days: np.ndarray) -> np.ndarray:
    ordered = np.sort(values)
    right = np.searchsorted(ordered, days, side="right")
    return right - np.searchsorted(ordered, days, side="left")


def _risk(index: pd.DataFrame, onset: pd.Series | None, day: float, since: pd.Series | None = None):
    """Return the risk in percent by a day, among those observed that long."""
    start = pd.Series(0.0, index=index.index) if since is None else since
    due = index[index["observed_through_days"] >= day + start]
    start = start.reindex(due.index)
    death = (due["death_days"] - start).fillna(np.inf).to_numpy()
    last = (due["last_contact_days"] - start).to_numpy()
    if onset is None:
        return 100 * cumulative_risk(death, np.full(len(due), np.inf), last, day)
    event = (onset.reindex(due.index) - start).fillna(np.inf).to_numpy()
    return 100 * cumulative_risk(event, death, last, day)


def _onsets(events: pd.DataFrame, chosen: pd.Series) -> pd.Series:
    return events[chosen & events["onset_days"].notna()].groupby("procedure_id")["onset_days"].min()


def _admissions(frames: Frames, index: pd.DataFrame) -> dict[str, float]:
    events = frames["complications"]
    onset = _onsets(events, (events["type"] == "readmission") & (events["planned"] == "no"))
    reviewed = index[index["complications_reviewed"] == "yes"]
    stay = np.ceil(reviewed["length_of_stay_hours"] / 24)
    discharge = stay.where(reviewed["same_day_discharge"] != "yes", 0.0)
    inside = reviewed["setting"] == "inpatient"
    measures = {}
    for name, chosen in (("outpatient", ~inside), ("inpatient", inside)):
        known = chosen & discharge.notna()
        measures[f"readmission {name}"] = _risk(reviewed[known], onset, 30, discharge[known])
    for name, chosen in (("outpatient", ~inside), ("inpatient", inside)):
        measures[f"death 30 d {name}"] = _risk(reviewed[chosen], None, 30)
    return measures


def _late_events(frames: Frames, index: pd.DataFrame) -> dict[str, float]:
    events = frames["complications"]
    reviewed = index[index["complications_reviewed"] == "yes"]
    plain = reviewed[reviewed["technique"] == VERTEBROPLASTY]
    deep = _onsets(events, events["infection_depth"] == "deep")
    adjacent = _onsets(events, events["type"] == "adjacent_fracture")
    fracture = _onsets(
        events, events["type"].isin(["adjacent_fracture", "remote_fracture", "refracture"])
    )
    return {
        "deep infection": _risk(reviewed, deep, 365),
        "adjacent fracture": _risk(plain, adjacent, 365),
        "any fracture": _risk(plain, fracture, 365),
    }


def _deaths(index: pd.DataFrame) -> dict[str, float]:
    return {
        f"death 365 d {cause}": _risk(index[index["cause"] == cause], None, 365)
        for cause in ("osteoporosis", "cancer", "trauma")
    }
