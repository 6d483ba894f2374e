"""Golden numbers from R, read once."""

import json
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[3] / "golden"


def _golden_cases(name: str) -> list[dict]:
    text = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)["cases"]


def _chosen_cases(file, *, where=None, answered=None):
    for case in _golden_cases(file):
        fits = all(case.get(key) == value for key, value in (where or {}).items())
        if fits and (answered is None or case.get(answered) is not None):
            yield case


_PARTS = {
    "band": "bands",
    "restricted_mean_golden": "restricted_means",
    "area": "areas",
}


def _label(case: dict, part: dict) -> str:
    if "interval" in part:
        return f"{case['name']}, {part['interval']} {part['conf_level']}"
    return f"{case['name']}, to {part['tau']}"


def pytest_generate_tests(metafunc):
    """Run a test marked golden(file) once for each case, or part of a case, it asks for.

    where={key: value} keeps the cases with that value; answered=key those R answered.
    """
    marker = metafunc.definition.get_closest_marker("golden")
    if marker is None:
        return
    cases = list(_chosen_cases(marker.args[0], **marker.kwargs))
    for name, plural in _PARTS.items():
        if name in metafunc.fixturenames:
            pairs = [(case, part) for case in cases for part in case[plural]]
            labels = [_label(case, part) for case, part in pairs]
            metafunc.parametrize(("case", name), pairs, ids=labels)
            return
    metafunc.parametrize("case", cases, ids=[case["name"] for case in cases])


def pytest_configure(config):
    config.addinivalue_line("markers", "golden(file): run once for each case of it")
