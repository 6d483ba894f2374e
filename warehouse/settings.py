"""Where the warehouse is and what is in force: flag, variable, mapping, file, then default."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.errors import SourceUnreadable

DEFAULT_WAREHOUSE = Path("var") / "vertebra.warehouse"
PRIVACY_MODES = ("safe_harbor", "limited_data_set")


@dataclass(frozen=True)
class Settings:
    """What is in force for one command.

    Attributes
    ----------
    warehouse : Path
        The pointer file.
    max_refused : float
        Share of a table's records that may be refused before a load stops, 0 to 1.
    privacy_mode : {'safe_harbor', 'limited_data_set'}
        Which identifiers are refused.
    """

    warehouse: Path
    max_refused: float = 0.05
    privacy_mode: str = "safe_harbor"


def settle(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    declared: Mapping[str, Any] | None = None,
) -> Settings:
    """Return the settings in force.

    Parameters
    ----------
    flags : mapping
        What the command line gave; None counts as not given.
    environment : mapping
        Environment variables; those of the process by default.
    declared : mapping
        What the mapping of a load declares; it comes before vertebra.toml.

    Raises
    ------
    SourceUnreadable
        If vertebra.toml or a value cannot be read as declared.
    """
    flags = {name: value for name, value in (flags or {}).items() if value is not None}
    environment = os.environ if environment is None else environment
    warehouse = Path(
        flags.get("warehouse") or environment.get("VERTEBRA_WAREHOUSE") or DEFAULT_WAREHOUSE
    )
    written = {**_read_file(warehouse.with_name("vertebra.toml")), **(declared or {})}
    chosen = {
        name: flags.get(name, environment.get(f"VERTEBRA_{name.upper()}", written.get(name)))
        for name in ("max_refused", "privacy_mode")
    }
    return _checked(warehouse, {name: value for name, value in chosen.items() if value is not None})


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceUnreadable(f"{path.name} cannot be read as TOML: {error}") from None


def _checked(warehouse: Path, chosen: dict[str, Any]) -> Settings:
    share = _share(chosen.get("max_refused", Settings.max_refused))
    mode = chosen.get("privacy_mode", Settings.privacy_mode)
    if mode not in PRIVACY_MODES:
        raise SourceUnreadable(
            f"privacy_mode '{mode}' is not known\n  Allowed: {', '.join(PRIVACY_MODES)}."
        )
    return Settings(warehouse=warehouse, max_refused=share, privacy_mode=mode)


def _share(value: Any) -> float:
    try:
        share = float(value)
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share <= 1:
        raise SourceUnreadable(f"max_refused '{value}' is not a share\n  Allowed: from 0 to 1.")
    return share
