"""The published and planted figures that the synthesis aims at, and the README that shows them.

`python -m etl.synthesis.targets` writes the sample and its README anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from etl.synthesis import truth
from etl.synthesis.achieved import measures_of
from etl.synthesis.block import Tables, joined
from etl.synthesize import DEFAULT_PROCEDURES, DEFAULT_SEED, Sample, synthesize, write_sample

LARGE, LARGE_SEEDS = 100_000, tuple(range(201, 211))
README = Path(__file__).with_name("sample_readme.md")


@dataclass(frozen=True)
class Target:
    """One figure to meet: `low` to `high`, equal where it is a single value.

    `is_published` tells a figure with a source from one that is planted by design.
    """

    measure: str
    words: str
    low: float
    high: float
    places: int
    source: str
    is_published: bool = True

    @property
    def aim(self) -> str:
        """Say the target in figures."""
        low = f"{self.low:.{self.places}f}"
        return low if self.low == self.high else f"{low} to {self.high:.{self.places}f}"

    def is_met_by(self, achieved: float, error: float) -> bool:
        """Return True within two Monte Carlo standard errors of the target."""
        return self.low - 2 * error <= achieved <= self.high + 2 * error


_EVANS, _EVOLVE, _KAVIAR = "Evans 2016", "Beall 2019", "Dohm 2014"
_BOTH = f"{_EVANS}, {_EVOLVE}"
_SHIN, _AL_ALI, _BEAM = "Shin 2023", "Al-Ali 2009", "Kopparapu 2021"
_PLANTED, _ABOUT = ("planted", False), ("planted, about", False)
TARGETS = (
    Target("age", "mean age, years", 75, 76, 1, f"{_EVANS}, {_KAVIAR}"),
    Target("women", "women, %", 65, 78, 1, f"{_EVANS}, {_KAVIAR}"),
    Target("pain", "mean pain at baseline", 7.4, 8.7, 2, _BOTH),
    Target("pain 1w", "mean pain at 1 w", 3.4, 4.1, 2, _EVANS),
    Target("pain 6w", "mean pain at 1 mo / 6 w", 3.4, 4.1, 2, _EVANS),
    Target("fall by 1w", "share of the 12-month fall at 1 w, %", 75, 83, 1, _BOTH),
    Target("cancer pain", "mean pain at baseline, cancer", 7.1, 7.5, 2, "Sorensen 2019"),
    Target("odi", "mean ODI at baseline", 63, 63, 1, _EVOLVE),
    Target("odi 6w", "mean ODI at 1 mo / 6 w", 33, 33, 1, _EVOLVE),
    Target("odi 12mo", "mean ODI at 12 mo", 27, 27, 1, _EVOLVE),
    Target("fluoroscopy vertebroplasty", "beam per level, vertebroplasty, min", 4.9, 4.9, 2, _BEAM),
    Target("fluoroscopy kyphoplasty", "beam per level, kyphoplasty, min", 6.1, 6.1, 2, _BEAM),
    Target("minutes vertebroplasty", "duration, vertebroplasty, min", 32, 32, 1, _KAVIAR),
    Target("minutes kyphoplasty", "duration, kyphoplasty, min", 40, 40, 1, _KAVIAR),
    Target("leak ratio", "leak per level, no CT, risk ratio", 0.62, 0.62, 3, "Wang 2018"),
    Target("leak ct vertebroplasty", "leak per level by CT, vertebroplasty, %", 82, 82, 1, _KAVIAR),
    Target("leak ct kyphoplasty", "leak per level by CT, kyphoplasty, %", 73, 73, 1, _KAVIAR),
    Target("kyphosis gap", "kyphosis correction, difference, degrees", 0.6, 4.7, 2, "Xing 2013"),
    Target("readmission outpatient", "readmission 30 d, not inpatient, %", 6.3, 6.3, 2, _SHIN),
    Target("readmission inpatient", "readmission 30 d, inpatient, %", 12.8, 12.8, 2, _SHIN),
    Target("death 30 d outpatient", "death 30 d, not inpatient, %", 0.7, 0.7, 2, _SHIN),
    Target("death 30 d inpatient", "death 30 d, inpatient, %", 2.7, 2.7, 2, _SHIN),
    Target("deep infection", "deep infection 365 d, %", 0.3, 0.5, 2, "Liao 2018, Spine J 2013"),
    Target("adjacent fracture", "adjacent fracture 365 d, vertebroplasty, %", 12, 12, 1, _AL_ALI),
    Target("any fracture", "any new fracture 365 d, vertebroplasty, %", 18, 18, 1, _AL_ALI),
    Target("gap osteoporosis", "raw day-7 relief gap, osteoporosis, points", 9, 9, 1, *_ABOUT),
    Target("gap cancer", "raw day-7 relief gap, cancer, points", 10, 10, 1, *_ABOUT),
    Target("gap trauma", "raw day-7 relief gap, trauma, points", 6, 6, 1, *_ABOUT),
    Target("vertebroplasty at D", "vertebroplasty at site D, %", 70, 70, 1, *_PLANTED),
    Target("implant", "implants, %", 3, 3, 1, *_PLANTED),
    Target("levels", "treated levels a procedure", 1.3, 1.3, 2, *_ABOUT),
    Target("leak vertebroplasty", "leak per level, no CT, vertebroplasty, %", 27, 27, 1, *_PLANTED),
    Target("dead osteoporosis", "dead at 365 d, osteoporosis, %", 8, 8, 1, *_PLANTED),
    Target("dead cancer", "dead at 365 d, cancer, %", 45, 45, 1, *_PLANTED),
    Target("dead trauma", "dead at 365 d, trauma, %", 2, 2, 1, *_PLANTED),
)  # fmt: skip


def achieved_in(sample: Sample) -> dict[str, float]:
    """Return all measures of the sample; its bad rows are left out by the caller."""
    blocks = list(sample.blocks())
    tables: Tables = joined([block.tables for block in blocks])
    outcomes = pd.concat([truth.potential_outcomes(block) for block in blocks])
    levels = tables["treated_levels"].num_rows / len(outcomes)
    return {**measures_of(tables), **_planted(outcomes), "levels": levels}


def _planted(outcomes: pd.DataFrame) -> dict[str, float]:
    """Return what only the exact days and the technique given can show, in percent."""
    given = outcomes["technique"]
    by_kyphoplasty = outcomes["relief_days_kyphoplasty"] <= 7
    relieved = by_kyphoplasty.where(
        given != "vertebroplasty", outcomes["relief_days_vertebroplasty"] <= 7
    )
    first = outcomes[outcomes["augmentation_number"] == 1]
    dead = 100 * (first["death_days"] <= 365).groupby(first["cause"]).mean()
    share = 100 * relieved.groupby([outcomes["cause"], given]).mean()
    measures = {
        "vertebroplasty at D": 100 * (given[outcomes["site_id"] == "D"] == "vertebroplasty").mean(),
        "implant": 100 * (given == "implant").mean(),
    }
    for cause in ("osteoporosis", "cancer", "trauma"):
        measures[f"dead {cause}"] = dead[cause]
        measures[f"gap {cause}"] = share[cause, "kyphoplasty"] - share[cause, "vertebroplasty"]
    return measures


def achieved_at_large() -> tuple[dict[str, float], dict[str, float]]:
    """Return means and Monte Carlo standard errors over ten runs of 100,000 procedures."""
    runs = pd.DataFrame(
        [achieved_in(synthesize(LARGE, seed, bad_rows=False)) for seed in LARGE_SEEDS]
    )
    error = runs.std() / np.sqrt(len(runs))
    return dict(runs.mean()), dict(error)


def shipped_cells(target: Target, shipped: Mapping[str, float]) -> str:
    """Return the cells of the README's table that the shipped sample alone decides."""
    achieved = shipped[target.measure]
    return f"| {target.words} | {target.aim} | {target.source} | {achieved:.{target.places}f} |"


def readme(shipped: Mapping[str, float]) -> str:
    """Return the README with its table filled in; draws a million procedures."""
    large, error = achieved_at_large()
    lines = [
        f"{shipped_cells(target, shipped)} {large[target.measure]:.{target.places + 1}f}"
        f" | {error[target.measure]:.{target.places + 2}f} |"
        for target in TARGETS
    ]
    return README.read_text(encoding="utf-8").replace("<!-- table -->", "\n".join(lines))


def main() -> None:
    """Write data/sample anew."""
    folder = Path(__file__).parents[2] / "data" / "sample"
    write_sample(synthesize(), folder)
    sound = synthesize(DEFAULT_PROCEDURES, DEFAULT_SEED, bad_rows=False)
    text = readme(achieved_in(sound))
    (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
