"""The crosswalk: which surrogate stands for which patient, procedure, site, surgeon and event.

It identifies everybody, so it is readable by its owner only, lies outside of what is shared, and
is never repeated in a message. With it a later export gets the same surrogates.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from etl.deidentify.surrogates import PREFIXES, SURROGATE_PATTERN, new_surrogate
from warehouse.errors import SourceUnreadable

_HEADER = ["kind", "original", "surrogate"]
_SOUND = re.compile(SURROGATE_PATTERN)


@dataclass
class Crosswalk:
    """Kind -> original -> surrogate."""

    surrogates: dict[str, dict[str, str]] = field(
        default_factory=lambda: {kind: {} for kind in PREFIXES}
    )

    def add(self, kind: str, originals: Iterable[str]) -> int:
        """Give each original that has none a surrogate, and return how many were new."""
        known = self.surrogates[kind]
        taken = set(known.values())
        before = len(known)
        for original in originals:
            if original not in known:
                known[original] = new_surrogate(kind, taken)
                taken.add(known[original])
        return len(known) - before

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield kind, original and surrogate, in the order of the surrogates."""
        for kind, known in self.surrogates.items():
            for surrogate, original in sorted((s, o) for o, s in known.items()):
                yield kind, original, surrogate


def read_crosswalk(path: Path) -> Crosswalk:
    """Return the crosswalk of an earlier run; an empty one where there is none.

    Raises
    ------
    SourceUnreadable
        If the file is there and is no crosswalk; nothing of it is repeated but the line.
    """
    crosswalk = Crosswalk()
    if not path.exists():
        return crosswalk
    try:
        with path.open(encoding="utf-8", newline="") as file:
            _fill(crosswalk, path, csv.reader(file, strict=True))
    except OSError as error:
        raise _unreadable(path, f"it cannot be opened: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError):
        raise _unreadable(path, "it is not a CSV file in UTF-8") from None
    return crosswalk


def write_crosswalk(path: Path, crosswalk: Crosswalk) -> None:
    """Replace the crosswalk whole, readable by its owner only (mode 0600).

    A reader, and a process killed at any moment, leave the old one or the new one.

    Raises
    ------
    SourceUnreadable
        If it cannot be written there.
    """
    building = path.with_name(path.name + ".building")
    try:
        building.unlink(missing_ok=True)
        building.touch(mode=0o600, exist_ok=False)
        with building.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_HEADER)
            writer.writerows(crosswalk.rows())
            file.flush()
            os.fsync(file.fileno())
        building.replace(path)
    except OSError as error:
        with suppress(OSError):
            building.unlink(missing_ok=True)
        raise _unreadable(path, f"it cannot be written: {error.strerror}") from None


def _fill(crosswalk: Crosswalk, path: Path, rows: Iterator[list[str]]) -> None:
    if next(rows, None) != _HEADER:
        raise _unreadable(path, f"its first line is not {','.join(_HEADER)}")
    taken: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if len(row) != len(_HEADER) or row[0] not in PREFIXES or not _SOUND.fullmatch(row[2]):
            raise _unreadable(path, f"line {number} is no line of a crosswalk")
        kind, original, surrogate = row
        if original in crosswalk.surrogates[kind] or surrogate in taken:
            raise _unreadable(path, f"line {number} stands there twice")
        crosswalk.surrogates[kind][original] = surrogate
        taken.add(surrogate)


def _unreadable(path: Path, reason: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{path.name}: the crosswalk cannot be used: {reason}\n"
        "  Give back the file of the earlier run, or name another with --crosswalk: patients get "
        "other surrogates then."
    )
