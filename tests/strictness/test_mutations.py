"""Good files changed at random: each load does what a plain reading of the file says."""

import pytest

from bench.mutations import run
from bench.plain_reading import read_plainly
from warehouse.source_schema import table_named

SEED = 20270119


@pytest.mark.parametrize("part", range(4))
def test_a_file_changed_at_random_is_loaded_as_it_reads_or_refused(tmp_path, part):
    # Within `run` every load is compared: counts, refused lines, all rows, the snapshot.
    print(f"seed {SEED + part}")
    tally = run(125, SEED + part, tmp_path / "trial")
    assert tally.mutations == 125
    assert sum(tally.outcomes.values()) == tally.loads
    assert {"exit 0", "exit 2"} <= set(tally.outcomes) <= {f"exit {code}" for code in (0, 2, 3, 4)}


def test_the_plain_reading_tells_sound_records_from_others():
    text = (
        'procedure_id,level,cement_ml\nC1,L1,"4.5"\nC2,L9,1\nC3,L1\nC4,L2,0\nC1,"L\n2",3\n,L1,2\n'
    )
    reading = read_plainly(text.encode(), table_named("treated_levels"))
    assert reading.records == 6
    assert reading.refused == {2: 3, 3: 4, 4: 5, 5: 6, 6: 8}
    assert reading.rows == {"C1/L1": {"procedure_id": "C1", "level": "L1", "cement_ml": 4.5}}
