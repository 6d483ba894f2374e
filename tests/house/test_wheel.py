"""What is packed is what a machine without the checkout needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

from etl.build import MARTS

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_carries_sql_sample_reference_and_the_look_of_the_dashboard(tmp_path):
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert built.returncode == 0, built.stderr
    packed = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    wanted = {f"warehouse/sql/marts/{name}.sql" for name in MARTS} | {
        "warehouse/sql/macros/cohort.sql",
        "warehouse/records/sample/procedures.csv",
        "warehouse/records/reference/benchmarks.csv",
        "dashboard/.streamlit/config.toml",
        "dashboard/style.css",
        "dashboard/static/icon.png",
        "reports/document.typ",
    }
    assert wanted - packed == set()
