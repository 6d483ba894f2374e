"""New files in the workspace of a load."""

import os
import tempfile
from pathlib import Path


def new_text_file(workspace: Path) -> Path:
    """Make an empty file that only its owner can read, with a name of its own."""
    descriptor, name = tempfile.mkstemp(suffix=".csv", dir=workspace)
    os.close(descriptor)
    return Path(name)
