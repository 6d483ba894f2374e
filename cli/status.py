"""`vertebra status`: what is in the warehouse, what was loaded, what was found."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from etl.history import read_findings, read_loads, read_tables
from warehouse.errors import WarehouseUnavailable
from warehouse.settings import Settings, settle
from warehouse.snapshot import open_snapshot
from warehouse.source_schema import TABLES

_SHOWN_LOADS = 10


def run_status(chosen: argparse.Namespace) -> int:
    """Print the state of the warehouse; 0 where a snapshot is published, else 5.

    With thresholds, judge the latest load by them instead.
    """
    if chosen.thresholds is not None or chosen.max_refused is not None:
        from cli.judgement import run_judgement

        return run_judgement(chosen)
    settings = settle({"warehouse": chosen.warehouse})
    facts, problem = _facts(settings)
    if chosen.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_in_words(facts)))
    if problem is not None:
        print(problem, file=sys.stderr)
        return problem.exit_code
    return 0


def _facts(settings: Settings) -> tuple[dict[str, Any], WarehouseUnavailable | None]:
    warehouse = settings.warehouse
    problem = None
    published: dict[str, Any] = {"snapshot": None, "rows": {}}
    try:
        published = _published(warehouse)
    except WarehouseUnavailable as error:
        problem = error
    return {
        "warehouse": str(warehouse),
        **published,
        "problem": None if problem is None else str(problem),
        "settings": {
            "max_refused": settings.max_refused,
            "privacy_mode": settings.privacy_mode,
        },
        "loads": _rows(read_loads(warehouse).head(_SHOWN_LOADS)),
        "tables": _rows(read_tables(warehouse)),
        "findings": _rows(read_findings(warehouse).drop(columns="example_rows")),
    }, problem


def _published(warehouse: Path) -> dict[str, Any]:
    with open_snapshot(warehouse) as snapshot:
        counts = {
            table.name: snapshot.connection.execute(
                f"select count(*) from {table.name}"
            ).fetchall()[0][0]
            for table in TABLES
        }
        return {"snapshot": snapshot.snapshot_id, "rows": counts}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(frame.to_json(orient="records"))


def _in_words(facts: dict[str, Any]) -> list[str]:
    lines = [f"Warehouse: {facts['warehouse']}", f"Snapshot:  {facts['snapshot'] or 'none'}"]
    lines += [f"  {name}: {count:,}" for name, count in facts["rows"].items()]
    lines.append("Settings:  " + ", ".join(f"{k} = {v}" for k, v in facts["settings"].items()))
    lines.append("Loads, the latest first:" if facts["loads"] else "Nothing was loaded yet.")
    lines += [
        f"  {load['load_id']}: {load['kind']} {load['started']} {load['status']}"
        f"{' ' + load['snapshot'] if load['snapshot'] else ''}"
        for load in facts["loads"]
    ]
    lines += [
        f"{row['severity']}: {row['rule']}, {row['table_name']}: {row['count']} of {row['of']} "
        f"({row['change']})"
        for row in facts["findings"]
    ]
    return lines
