"""The steps of a load: what a person is told, and where a test may kill the process."""

import os
import signal
from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with what is being done, and the share of the load that is behind it (0 to 1)."""

STEPS = {
    "locked": ("Counting records", 0.0),
    "counted": ("Reading records", 0.15),
    "staged": ("Looking for identifiers", 0.45),
    "gated": ("Checking records", 0.5),
    "checked": ("Setting refused records apart", 0.6),
    "quarantined": ("Comparing with the warehouse", 0.62),
    "compared": ("Writing the new snapshot", 0.65),
    "tables_built": ("Preparing outcomes", 0.75),
    "marts_built": ("Closing the new snapshot", 0.95),
    "snapshot_closed": ("Publishing", 0.97),
    "snapshot_named": ("Publishing", 0.98),
    "pointer_swapped": ("Cleaning up", 0.99),
}
"""Step reached -> what comes next, and the share behind it."""

FAULT_VARIABLE = "VERTEBRA_FAULT"


def reach(step: str, progress: Progress | None = None) -> None:
    """Say what comes after `step`; die here if the environment asks for a fault at it."""
    if os.environ.get(FAULT_VARIABLE) == step:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    if progress is not None:
        progress(*STEPS[step])
