"""What must never stand in the product, its documents or its lock."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THIS_FILE = Path(__file__).resolve()

# Assembled, so that this list does not find itself.
HOSTS = re.compile(
    r"\b(" + "|".join(["py" + "pi", "python" + "hosted", "npm" + "js"]) + r")\.[a-z]"
)
MACHINE_PATHS = re.compile(r"(^|[^a-zA-Z0-9_.])/(" + "|".join(["wo" + "rk", "ro" + "ot"]) + r")/")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{30,}")
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME"]) + r")\b")
JUDGING = re.compile(r"\b(better|worse|works|prevents|favou?rs|saves)\b", re.IGNORECASE)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert listed.returncode == 0, listed.stderr
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def texts() -> dict[Path, str]:
    read = {}
    for path in tracked_files():
        if path.is_file() and path.resolve() != THIS_FILE:
            try:
                read[path] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return read


def found(pattern: re.Pattern, among: dict[Path, str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {match.group(0)!r}"
        for path, text in among.items()
        if (match := pattern.search(text))
    ]


def test_no_registry_host_machine_path_or_secret_is_tracked():
    every = texts()
    assert found(HOSTS, every) + found(MACHINE_PATHS, every) + found(SECRETS, every) == []


def test_nothing_unfinished_is_tracked():
    assert found(UNFINISHED, texts()) == []


def test_the_product_judges_no_technique():
    rooms = ("analysis", "charts", "dashboard", "reports", "cli")
    product = {p: t for p, t in texts().items() if p.relative_to(ROOT).parts[0] in rooms}
    assert product
    assert found(JUDGING, {p: t for p, t in product.items() if p.suffix == ".py"}) == []


def test_the_lock_names_no_host_and_covers_every_declared_dependency():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["test"]
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    assert "://" not in lock
    assert {re.split(r"[<>=!~\[; ]", wanted)[0].lower() for wanted in declared} <= locked


def test_every_locked_package_has_a_hash():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
