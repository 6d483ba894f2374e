"""Synthetic records with a planted truth: any number of procedures, the same for one seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.synthesis.block import Block, Tables, draw_blocks, joined
from etl.synthesis.world import World
from etl.synthesis.writing import write_tables

DEFAULT_PROCEDURES, DEFAULT_SEED = 2400, 2026


@dataclass(frozen=True)
class Sample:
    """Synthetic records, drawn block by block whenever they are asked for."""

    world: World

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks, each of at most 100,000 procedures, with what lies behind them."""
        yield from draw_blocks(self.world)

    def tables(self) -> Tables:
        """Return all records as text tables by name; for samples that fit in memory."""
        return joined([block.tables for block in self.blocks()])


def synthesize(
    procedures: int = DEFAULT_PROCEDURES,
    seed: int = DEFAULT_SEED,
    *,
    effect: str = "trap",
    score_noise: bool = True,
    bad_rows: bool = True,
    unseen_nonresponse: bool = False,
) -> Sample:
    world = World(procedures, seed, effect, score_noise, bad_rows, unseen_nonresponse)
    return Sample(world)


def write_sample(
    sample: Sample, folder: Path, progress: Callable[[int, int], None] | None = None
) -> None:
    write_tables((block.tables for block in sample.blocks()), folder)
