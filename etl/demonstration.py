"""Tell a demonstration, which holds the synthetic sample alone, from a practice's own warehouse."""

import hashlib
from pathlib import Path

from etl.history import published_checksums
from warehouse.sql_files import records_root


def holds_only_the_sample(warehouse: Path) -> bool:
    """Tell whether something was published in a warehouse, and nothing but this very sample."""
    sample = (records_root() / "sample").glob("*.csv")
    checksums = {hashlib.sha256(path.read_bytes()).hexdigest() for path in sample}
    published = published_checksums(warehouse)
    return bool(published) and published <= checksums
