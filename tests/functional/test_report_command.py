"""`vertebra report` as a quality team uses it, on the sample."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.main import main


@pytest.fixture(scope="module")
def pack(sample_warehouse, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    asked = ["--format", "csv,xlsx,pdf", "--cohort", "cause=osteoporosis&from=2023"]
    code = main(["report", *asked, "--out", str(folder), "--warehouse", str(sample_warehouse)])
    assert code == 0
    return folder


def test_every_file_is_in_the_manifest_with_its_checksum(pack):
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    listed = manifest["files"]
    named = (
        {entry["name"]: entry["sha256"] for entry in listed}
        if isinstance(listed, list)
        else {
            name: entry if isinstance(entry, str) else entry["sha256"]
            for name, entry in listed.items()
        }
    )
    others = {path.name for path in pack.iterdir()} - {"manifest.json"}
    assert others == set(named)
    assert {path.suffix for path in pack.iterdir()} == {".csv", ".xlsx", ".pdf", ".json"}
    for name, checksum in named.items():
        assert hashlib.sha256((pack / name).read_bytes()).hexdigest() == checksum


def test_outside_shows_no_count_of_one_to_ten(pack):
    with (pack / "measures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = [int(float(row["n"])) for row in rows if row["n"]]
    assert counts
    assert [count for count in counts if 0 < count <= 10] == []
    withheld = [row for row in rows if row["suppressed"].lower() == "true"]
    assert withheld
    assert {row["value"] + row["lower"] + row["upper"] + row["n"] for row in withheld} == {""}


def test_each_page_of_the_document_names_cohort_and_snapshot(pack):
    snapshot = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["snapshot"]
    document = next(pack.glob("*.pdf"))
    pages = [page.extract_text() for page in PdfReader(document).pages]
    assert pages
    assert all(snapshot in text and "osteoporosis" in text for text in pages)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "docx"], "Allowed: csv"),
        (["--format", "pptx"], "pptx"),
        (["--cohort", "cause=osteo"], "Allowed: osteoporosis"),
        (["--cohort", "surgeon=S01"], "surgeon"),
    ],
)
def test_what_cannot_be_reported_is_said_in_words(
    arguments, words, sample_warehouse, tmp_path, capsys
):
    where = ["--out", str(tmp_path / "pack"), "--warehouse", str(sample_warehouse)]
    assert main(["report", *arguments, *where]) == 2
    assert words in capsys.readouterr().err
    assert not list((tmp_path / "pack").glob("*.csv"))
