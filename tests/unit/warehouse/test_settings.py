"""What is in force: flag, variable, file, default, in that order."""

import pytest

from warehouse.errors import SourceUnreadable
from warehouse.settings import settle


def test_a_flag_comes_before_a_variable_before_the_file(tmp_path):
    warehouse = tmp_path / "x.warehouse"
    (tmp_path / "vertebra.toml").write_text("max_refused = 0.3", encoding="utf-8")
    variables = {"VERTEBRA_WAREHOUSE": str(warehouse)}
    assert settle({}, variables).max_refused == 0.3
    assert settle({}, variables | {"VERTEBRA_MAX_REFUSED": "0.2"}).max_refused == 0.2
    assert (
        settle({"max_refused": 0.1}, variables | {"VERTEBRA_MAX_REFUSED": "0.2"}).max_refused == 0.1
    )


def test_defaults_hold_where_nothing_is_given():
    settings = settle({"warehouse": None, "max_refused": None}, {})
    assert (settings.warehouse.as_posix(), settings.max_refused, settings.privacy_mode) == (
        "var/vertebra.warehouse",
        0.05,
        "safe_harbor",
    )


@pytest.mark.parametrize(
    "flags", [{"max_refused": "many"}, {"max_refused": 1.5}, {"privacy_mode": "open"}]
)
def test_a_value_that_is_not_allowed_is_refused(flags):
    with pytest.raises(SourceUnreadable, match="Allowed"):
        settle(flags, {})
