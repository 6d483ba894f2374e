"""Lint, format, types and sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("analysis", "charts", "cli", "dashboard", "etl", "reports", "warehouse")
LONGEST_FILE = 350
LONGEST_FUNCTION = 50
MOST_POSITIONAL = 5


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )


def product_files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def functions_in(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def public_functions_in(path: Path) -> list[ast.FunctionDef]:
    """Return what others may call: functions of the module and of its public classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name[0] != "_")]
    return [
        node
        for holder in holders
        for node in holder.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def body_lines(function: ast.FunctionDef) -> int:
    """Count the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize(
    "step", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)]
)
def test_lint_format_and_types_are_clean(step):
    checked = run(*step)
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]


def test_no_file_and_no_function_grows_too_long():
    long_files = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in product_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    long_functions = [
        f"{path.relative_to(ROOT)}: {function.name}: {body_lines(function)} lines"
        for path in product_files()
        for function in functions_in(path)
        if body_lines(function) > LONGEST_FUNCTION
    ]
    assert long_files + long_functions == []


def test_functions_take_few_positional_parameters():
    wide = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in product_files()
        for function in functions_in(path)
        if len([a for a in function.args.args if a.arg not in ("self", "cls")]) > MOST_POSITIONAL
    ]
    assert wide == []


def test_every_open_names_its_encoding():
    bare = []
    for path in [*product_files(), ROOT / "start.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
            binary = any(isinstance(mode, str) and "b" in mode and len(mode) <= 3 for mode in modes)
            named = any(keyword.arg == "encoding" for keyword in node.keywords)
            if name in ("open", "read_text", "write_text") and not binary and not named:
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bare == []


def test_public_functions_of_the_product_say_what_they_do():
    silent = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in product_files()
        for function in public_functions_in(path)
        if not ast.get_docstring(function)
    ]
    assert silent == []
