"""`vertebra map` writes a proposal once, and says how sure it is."""

import json

from cli.main import main

CASES = "case,patient,technique\nC1,P1,KP\nC2,P2,VP\n"


def test_a_proposal_is_written_to_a_file_and_never_over_one(tmp_path, capsys):
    source, out = tmp_path / "cases.csv", tmp_path / "mapping.toml"
    source.write_text(CASES, encoding="utf-8")
    assert main(["map", str(source), "--out", str(out)]) == 0
    assert 'source = "cases"' in out.read_text(encoding="utf-8")
    told = capsys.readouterr()
    assert told.out == ""
    assert "likely" in told.err
    assert main(["map", str(source), "--out", str(out)]) == 2
    assert "stands already" in capsys.readouterr().err


def test_without_a_file_the_proposal_goes_to_stdout_and_as_json_where_asked(tmp_path, capsys):
    source = tmp_path / "cases.csv"
    source.write_text(CASES, encoding="utf-8")
    assert main(["map", str(source)]) == 0
    assert capsys.readouterr().out.startswith("# Proposed from names")
    assert main(["map", str(source), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["status"] == "proposed"
    assert facts["lines"]["ask"] > 0
    assert "reviewed = false" in facts["mapping"]


def test_a_source_that_is_not_there_is_refused(tmp_path, capsys):
    assert main(["map", str(tmp_path / "nothing.csv")]) == 2
    assert "there is no such file" in capsys.readouterr().err
