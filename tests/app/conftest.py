"""Pages run by AppTest on a warehouse of the sample."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SLOWEST_PAGE_SECONDS = 120


def _run_page(path: str) -> None:
    from dashboard.navigation import PAGES

    next(entry for entry in PAGES if entry.path == path).show()


def _run_app() -> None:
    from dashboard.app import main

    main()


@pytest.fixture
def page(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that runs one page; keywords are what the sidebar's widgets hold."""
    monkeypatch.setenv("VERTEBRA_WAREHOUSE", str(sample_warehouse))

    def run(path: str, **chosen) -> AppTest:
        at = AppTest.from_function(
            _run_page, kwargs={"path": path}, default_timeout=SLOWEST_PAGE_SECONDS
        )
        for key, value in chosen.items():
            at.session_state[key] = value
        return at.run()

    return run


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that runs the whole app on a warehouse, at an address's parameters."""

    def run(warehouse: Path, **parameters) -> AppTest:
        monkeypatch.setenv("VERTEBRA_WAREHOUSE", str(warehouse))
        at = AppTest.from_function(_run_app, default_timeout=SLOWEST_PAGE_SECONDS)
        for key, value in parameters.items():
            at.query_params[key] = value
        return at.run()

    return run
