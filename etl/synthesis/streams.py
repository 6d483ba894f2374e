"""Random draws that stay what they are when another part of the synthesis changes."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

Array = NDArray[Any]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_SMALLEST = 1e-12


class Streams:
    """Independent streams of draws, one per name, of one seed and block.

    All draws come from uniforms, because their sequence is the part of a numpy
    generator least likely to change between versions.
    """

    def __init__(self, seed: int, block: int) -> None:
        self._entropy = (seed, block)

    def uniform(self, name: str, *shape: int) -> Array:
        """Return draws strictly between 0 and 1."""
        entropy = (*self._entropy, zlib.crc32(name.encode("ascii")))
        draws = np.random.default_rng(np.random.SeedSequence(entropy)).random(shape)
        return np.clip(draws, _SMALLEST, 1 - _SMALLEST)

    def normal(self, name: str, *shape: int) -> Array:
        """Return draws from the standard normal distribution."""
        return ndtri(self.uniform(name, *shape))

    def happens(self, name: str, chance: Array) -> Flags:
        """Return True with the chance given, element by element."""
        return self.uniform(name, *np.shape(chance)) < chance

    def share(self, name: str, share: float, count: int) -> Flags:
        """Return `count` flags of which about `share` are True."""
        return self.uniform(name, count) < share

    def among(self, name: str, shares: tuple[float, ...], count: int) -> Codes:
        """Return `count` positions in `shares`, each as often as its share says."""
        edges = np.cumsum(shares)[:-1] / sum(shares)
        return np.searchsorted(edges, self.uniform(name, count)).astype(np.int64)


def chance_of(logit: Array) -> Array:
    """Return the probability of a logit."""
    return expit(logit)


def logit_of(chance: float) -> float:
    """Return the logit of a probability."""
    return float(np.log(chance / (1 - chance)))
