"""Map a practice's tables and stage them, as a load does: count, read, recode, cast, number."""

import sys
import tempfile
from pathlib import Path

from etl.mapped_files import stage_mapped_tables
from etl.mapping.reading import read_mapping
from etl.mapping.reading_source import read_mapped_source
from warehouse.connection import open_for_building

folder, target = Path(sys.argv[1]), Path(sys.argv[2])
target.unlink(missing_ok=True)
with tempfile.TemporaryDirectory() as workspace:
    mapping = read_mapping(folder / "mapping.toml")
    paths = [folder / "cases.csv", folder / "scores.csv"]
    source = read_mapped_source(paths, mapping, workspace=Path(workspace))
    with open_for_building(target) as connection:
        files = stage_mapped_tables(connection, mapping, source)
        print({name: file.sound_records for name, file in files.items()})
