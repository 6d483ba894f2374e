"""Synthetic records with a planted truth: any number of procedures, the same for one seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pandas as pd

from etl.synthesis import truth
from etl.synthesis.block import Block, Tables, draw_blocks, joined
from etl.synthesis.second_load import draw_second_load
from etl.synthesis.world import EFFECTS, World
from etl.synthesis.writing import write_tables

__all__ = [
    "DEFAULT_PROCEDURES",
    "DEFAULT_SEED",
    "EFFECTS",
    "Sample",
    "SecondLoad",
    "contrasts_of",
    "synthesize",
    "synthesize_second_load",
    "truth_of",
    "write_sample",
    "write_truth",
]

DEFAULT_PROCEDURES, DEFAULT_SEED = 2400, 2027

Progress = Callable[[int, int], None]


class Records(Protocol):
    """Anything that yields canonical tables part by part."""

    def parts(self) -> Iterator[Tables]:
        """Yield the tables of each part, as text."""

    @property
    def procedures(self) -> int:
        """Return the number of procedures to come, to measure progress by."""


@dataclass(frozen=True)
class Sample:
    """Synthetic records, drawn block by block whenever they are asked for."""

    world: World

    @property
    def procedures(self) -> int:
        """Return the number of procedures, without the bad rows added."""
        return self.world.procedures

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks, each of at most 100,000 procedures, with what lies behind them."""
        yield from draw_blocks(self.world)

    def parts(self) -> Iterator[Tables]:
        """Yield the tables of each block, as text."""
        return (block.tables for block in self.blocks())

    def tables(self) -> Tables:
        """Return all records as pyarrow tables of text, by name; they must fit in memory."""
        return joined(list(self.parts()))


@dataclass(frozen=True)
class SecondLoad:
    """What the practice of a sample loads next: 40 new procedures, 25 changed, 3 late deaths."""

    world: World

    @property
    def procedures(self) -> int:
        """Return the number of rows of `procedures`."""
        return self.tables()["procedures"].num_rows

    def parts(self) -> Iterator[Tables]:
        """Yield the only part."""
        yield self.tables()

    def tables(self) -> Tables:
        """Return the records as pyarrow tables of text, by name."""
        return draw_second_load(self.world)


def synthesize(
    procedures: int = DEFAULT_PROCEDURES,
    seed: int = DEFAULT_SEED,
    *,
    effect: str = "trap",
    score_noise: bool = True,
    bad_rows: bool = True,
    unseen_nonresponse: bool = False,
) -> Sample:
    """Return synthetic records with a planted truth; see `etl.synthesis.world.World`.

    Nothing is drawn before the sample is written or its tables are asked for.

    Raises
    ------
    ValueError
        If there is to be no procedure, the seed is negative, or the effect has no such name.
    """
    return Sample(World(procedures, seed, effect, score_noise, bad_rows, unseen_nonresponse))


def synthesize_second_load(sample: Sample) -> SecondLoad:
    """Return the load that follows `sample`; it has no bad rows."""
    return SecondLoad(sample.world)


def write_sample(records: Records, folder: Path | str, progress: Progress | None = None) -> None:
    """Write one CSV file per canonical table into `folder`, which is made if need be.

    `progress` is called with procedures written and procedures in all, after each block.
    """
    write_tables(_reported(records, progress), Path(folder))


def truth_of(sample: Sample) -> pd.DataFrame:
    """Return both potential outcomes and the exact days, one row per procedure."""
    return pd.concat(
        [truth.potential_outcomes(block) for block in _sound(sample).blocks()], ignore_index=True
    )


def contrasts_of(sample: Sample) -> pd.DataFrame:
    """Return the planted contrasts per outcome, cause and estimand, averaged over the sample.

    A million procedures give them a Monte Carlo error that no practice will see.
    """
    return truth.contrasts(_sound(sample).blocks())


def write_truth(sample: Sample, file: Path | str) -> tuple[Path, Path]:
    """Write the potential outcomes to `file` and the contrasts beside it; return both paths.

    Raises
    ------
    ValueError
        If the folder holds canonical files: the truth must never be loaded.
    """
    outcomes = Path(file)
    if (outcomes.parent / "procedures.csv").exists():
        raise ValueError(f"{outcomes.parent} holds records to be loaded; keep the truth elsewhere")
    averages = outcomes.with_name(f"{outcomes.stem}_contrasts{outcomes.suffix}")
    for position, block in enumerate(_sound(sample).blocks()):
        truth.potential_outcomes(block).to_csv(
            outcomes,
            mode="a" if position else "w",
            header=not position,
            index=False,
            encoding="utf-8",
            lineterminator="\n",
        )
    contrasts_of(sample).to_csv(averages, index=False, encoding="utf-8", lineterminator="\n")
    return outcomes, averages


def _sound(sample: Sample) -> Sample:
    """Return the sample without bad rows, which hold no truth."""
    return Sample(replace(sample.world, bad_rows=False))


def _reported(records: Records, progress: Progress | None) -> Iterator[Tables]:
    in_all = records.procedures if progress else 0
    written = 0
    for part in records.parts():
        yield part
        written += part["procedures"].num_rows
        if progress:
            progress(min(written, in_all), in_all)
