"""What a synthetic world is asked to be."""

from dataclasses import dataclass

EFFECTS = ("trap", "cancer", "none")
BLOCK = 100_000


@dataclass(frozen=True)
class World:
    """The choices that, with the seed, fix every synthetic record.

    Attributes
    ----------
    procedures : int
        Number of procedures before bad rows are added.
    seed : int
        Start of all streams, 0 or more.
    effect : {'trap', 'cancer', 'none'}
        'trap': technique changes no time to relief; 'cancer': in cancer the hazard of relief
        is 1.35 times as high after kyphoplasty; 'none': as 'trap', without the cluster at
        site C and without the change of modality at site B.
    score_noise : bool
        Flip 5 % of the pain scores and let 25 % of the relieved relapse for a while.
    bad_rows : bool
        Add about 1 % of rows that break a rule.
    unseen_nonresponse : bool
        Let non-response depend on the score that was not given, not on the last answer.
    """

    procedures: int
    seed: int
    effect: str = "trap"
    score_noise: bool = True
    bad_rows: bool = True
    unseen_nonresponse: bool = False

    def __post_init__(self) -> None:
        if self.procedures < 1:
            raise ValueError(f"procedures must be 1 or more, not {self.procedures}")
        if self.seed < 0:
            raise ValueError(f"seed must be 0 or more, not {self.seed}")
        if self.effect not in EFFECTS:
            raise ValueError(f"effect must be one of {', '.join(EFFECTS)}, not {self.effect!r}")

    @property
    def has_signals(self) -> bool:
        """Return True where the cluster and the decoy are planted."""
        return self.effect != "none"
