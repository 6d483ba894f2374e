"""The command, run as scripts run it and, quicker, in this process."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

import pytest

from cli.main import main

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="session")
def vertebra() -> Run:
    """Return a function that runs the command as a process of its own; keywords are variables."""

    def run(*arguments: object, **variables: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
        )

    return run


@pytest.fixture(scope="session")
def vertebra_here() -> Run:
    """Return a function that runs the command in this process: to start one takes a second.

    Where the command would end with a traceback, its error ends the test.
    """

    def run(*arguments: object, **variables: str) -> CompletedProcess[str]:
        told, said = io.StringIO(), io.StringIO()
        with patch.dict(os.environ, variables), redirect_stdout(told), redirect_stderr(said):
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as ended:
                code = int(ended.code or 0)
        return CompletedProcess(arguments, code, told.getvalue(), said.getvalue())

    return run
