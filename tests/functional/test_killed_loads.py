"""A load killed at any moment leaves the warehouse of before, or the finished new one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from etl.history import read_loads
from etl.pipeline import load
from etl.steps import FAULT_VARIABLE, STEPS
from etl.synthesize import synthesize, synthesize_second_load, write_sample
from warehouse.settings import Settings
from warehouse.snapshot import open_snapshot, read_pointer, snapshot_folder

SEED = 20260511
# The marts have tests of their own; without them a load is quick enough to be killed often.
PROGRAM = (
    "import sys, etl.build\n"
    "etl.build.MARTS = etl.build.MACROS = ()\n"
    "from cli.main import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
ONLY_AFTER = ("pointer_swapped",)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills by SIGKILL")


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    sample = synthesize(60, 3, bad_rows=False)
    write_sample(sample, folder / "first")
    write_sample(synthesize_second_load(sample), folder / "second")
    return folder / "first", folder / "second"


@pytest.fixture(scope="module", autouse=True)
def _no_marts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.build.MARTS", ())
        patch.setattr("etl.build.MACROS", ())
        yield


@pytest.fixture(scope="module")
def first_warehouse(sources, tmp_path_factory):
    path = tmp_path_factory.mktemp("first") / "x.warehouse"
    load([sources[0]], Settings(path, max_refused=0.5))
    return path


@pytest.fixture
def warehouse(tmp_path, first_warehouse):
    shutil.copytree(first_warehouse.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / first_warehouse.name


def start(source, warehouse, **variables):
    options = ["--warehouse", warehouse, "--max-refused", "0.5"]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "load", source, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())} | variables,
    )


def procedures_in(warehouse):
    with open_snapshot(warehouse) as snapshot:
        return snapshot.connection.execute("select count(*) from procedures").fetchall()[0][0]


def check_that_the_next_load_succeeds(warehouse, source):
    report = load([source], Settings(warehouse, max_refused=0.5))
    assert report.status in ("published", "unchanged")
    assert procedures_in(warehouse) == 100  # 60, and the 40 new ones of the second load
    assert list(snapshot_folder(warehouse).glob("*.building*")) == []
    assert "running" not in set(read_loads(warehouse)["status"])


@pytest.mark.parametrize("step", STEPS)
def test_a_load_killed_at_a_step_leaves_a_sound_warehouse(warehouse, sources, step):
    before = read_pointer(warehouse)
    killed = start(sources[1], warehouse, **{FAULT_VARIABLE: step})
    assert killed.wait(timeout=120) == -signal.SIGKILL
    assert (read_pointer(warehouse) == before) == (step not in ONLY_AFTER)
    assert procedures_in(warehouse) == (100 if step in ONLY_AFTER else 60)
    check_that_the_next_load_succeeds(warehouse, sources[1])


@pytest.mark.parametrize("attempt", range(8))
def test_a_load_killed_at_any_time_leaves_a_sound_warehouse(warehouse, sources, attempt):
    delay = random.Random(SEED + attempt).uniform(0.3, 4)
    print(f"seed {SEED + attempt}: killed after {delay:.2f} s")
    running = start(sources[1], warehouse)
    time.sleep(delay)
    running.kill()
    running.wait(timeout=120)
    assert procedures_in(warehouse) in (60, 100)
    check_that_the_next_load_succeeds(warehouse, sources[1])
