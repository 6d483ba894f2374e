"""`vertebra status --thresholds`: judge the latest load by other thresholds, without it."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from etl.history import history_path, latest_load
from etl.intake import declared_settings
from etl.judgement_history import read_judged
from etl.mapping.reading import read_mapping
from etl.report import Judged
from etl.threshold import judge_by, reasons_to_refuse
from warehouse.errors import LoadRefused, SourceUnreadable
from warehouse.settings import settle

_UNSET = "nothing set"


def run_judgement(chosen: argparse.Namespace) -> int:
    """Say what would be refused; 0 where nothing would, else 4. Nothing is loaded or changed."""
    settings = settle(
        {"warehouse": chosen.warehouse, "max_refused": chosen.max_refused},
        declared=declared_settings(chosen.thresholds),
    )
    load_id = latest_load(settings.warehouse)
    then = () if load_id is None else read_judged(history_path(settings.warehouse), load_id)
    if not then:
        raise SourceUnreadable(
            f"{settings.warehouse}: no load is remembered that could be judged\n"
            "  Run `vertebra check` or `vertebra load` first."
        )
    thresholds = {} if chosen.thresholds is None else read_mapping(chosen.thresholds).thresholds
    now = judge_by(then, settings.max_refused, thresholds)
    reasons = reasons_to_refuse(now)
    told = [_verdict(load_id, is_refused=bool(reasons)), *(f"  {reason}" for reason in reasons)]
    told += _changes(then, now)
    print("\n".join(told), file=sys.stderr if chosen.json else sys.stdout)
    if chosen.json:
        facts = {"load": load_id, "would_be": "refused" if reasons else "accepted"}
        judged = [_row(*pair) for pair in zip(then, now, strict=True)]
        print(json.dumps(facts | {"reasons": reasons, "judged": judged}, indent=2))
    return LoadRefused.exit_code if reasons else 0


def _verdict(load_id: int | None, *, is_refused: bool) -> str:
    return f"Load {load_id} would be {'refused' if is_refused else 'accepted'}; nothing was loaded."


def _changes(then: tuple[Judged, ...], now: tuple[Judged, ...]) -> list[str]:
    """Return a line for every share of which another part is allowed than when it was loaded."""
    lines = [
        f"  {new.table}: {new.rule}, {new.count:,} of {new.of:,} ({new.share:.1%}); "
        f"allowed then: {_allowed(old)}, now: {_allowed(new)}"
        for old, new in zip(then, now, strict=True)
        if old.allowed != new.allowed
    ]
    return ["Changed since that load:", *lines] if lines else ["No threshold has changed."]


def _allowed(one: Judged) -> str:
    return _UNSET if one.allowed is None else f"{one.allowed:.1%}"


def _row(old: Judged, new: Judged) -> dict[str, Any]:
    return asdict(new) | {"share": new.share, "allowed_then": old.allowed}
