"""Time whole commands and repeated calls, and remember what was measured."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SCRATCH = HERE / ".work"
PEER_ENVIRONMENT = HERE / ".venv"


@dataclass(frozen=True)
class Measured:
    """One finished command: wall time in seconds, peak memory in MiB, exit code and output."""

    seconds: float
    peak_mib: float
    exit_code: int
    output: str


def run_measured(command: list[str], **environment: str) -> Measured:
    """Run a command to its end and return what the operating system accounted for it."""
    SCRATCH.mkdir(exist_ok=True)
    printed = SCRATCH / "output.txt"
    with printed.open("w", encoding="utf-8") as file:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        seconds, used.ru_maxrss / 1024, process.returncode, printed.read_text(encoding="utf-8")
    )


def median_of(runs: list[Measured]) -> Measured:
    """Return the run with the median wall time."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def finished(measured: Measured) -> Measured:
    """Return a measured command, or end here where it did not come to a good end."""
    if measured.exit_code != 0:
        raise SystemExit(f"a measured command ended with {measured.exit_code}: {measured.output}")
    return measured


def beside_floor(what: str, measured: Measured, floor: Measured) -> dict[str, object]:
    """Return the row of a measurement: seconds, times the floor, peak memory."""
    return {
        "what": what,
        "seconds": round(measured.seconds, 2),
        "times the floor": round(measured.seconds / floor.seconds, 2),
        "peak MiB": round(measured.peak_mib),
    }


def median_seconds(call: Callable[[], object], *, repeats: int = 7) -> float:
    """Return the median wall time of a call, after one call that is not counted."""
    call()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def vertebra(*arguments: str) -> list[str]:
    """Return the command line of `vertebra` in this environment."""
    return [sys.executable, "-m", "cli.main", *arguments]


def peer_python() -> str:
    """Return the Python that has the peers; its environment is made on first use."""
    inside = PEER_ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not inside.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER_ENVIRONMENT)], check=True)
        install = [str(inside), "-m", "pip", "install", "--quiet", "--require-hashes"]
        lock = ["--only-binary", ":all:", "-r", str(HERE / "requirements.lock")]
        subprocess.run([*install, *lock], check=True)
    return str(inside)


def remember(section: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep the rows of a section, so that sections can be measured one at a time."""
    folder = SCRATCH / "results"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{section}.json").write_text(json.dumps(list(rows), indent=1), encoding="utf-8")


def remembered(section: str) -> list[dict]:
    """Return what was last measured in a section; empty when never."""
    path = SCRATCH / "results" / f"{section}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def machine() -> str:
    """Say on what was measured, without naming the machine."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
