"""Finding the canonical files of a source and checking their columns."""

import pytest

from etl.sources.canonical_files import check_columns, find_canonical_files, read_canonical_files
from etl.sources.delimited import read_delimited
from warehouse.errors import SourceUnreadable

LEAKS = "procedure_id,level,route\nP1,L1,epidural\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "leaks.csv").write_text(LEAKS, encoding="utf-8")
    (tmp_path / "procedures.tsv").write_text("procedure_id\tsex\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("not a table", encoding="utf-8")
    return tmp_path


def read(text: str, tmp_path, table: str = "leaks"):
    path = tmp_path / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    return read_delimited(path, table=table, workspace=tmp_path)


def test_a_folder_gives_its_canonical_files_parents_first(folder):
    found = find_canonical_files([folder])
    assert [(table, path.name) for table, path in found.items()] == [
        ("procedures", "procedures.tsv"),
        ("leaks", "leaks.csv"),
    ]


def test_a_file_is_recognised_by_its_stem(folder):
    assert list(find_canonical_files([folder / "leaks.csv"])) == ["leaks"]


def test_the_same_file_given_twice_is_one(folder):
    assert len(find_canonical_files([folder, folder / "leaks.csv"])) == 2


def test_two_files_for_one_table_are_refused(folder):
    (folder / "leaks.tsv").write_text(LEAKS, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="table leaks has two files"):
        find_canonical_files([folder])


def test_a_file_of_another_name_is_refused(folder):
    with pytest.raises(SourceUnreadable, match=r"README.md: not the name of a table"):
        find_canonical_files([folder / "README.md"])


def test_a_path_that_does_not_exist_is_refused(folder):
    with pytest.raises(SourceUnreadable, match="no such file or folder"):
        find_canonical_files([folder / "missing"])


def test_a_folder_without_canonical_files_is_refused(tmp_path):
    with pytest.raises(SourceUnreadable, match="No file to load was found"):
        find_canonical_files([tmp_path])


def test_a_folder_with_the_name_of_a_canonical_file_is_refused(tmp_path):
    (tmp_path / "leaks.csv").mkdir()
    with pytest.raises(SourceUnreadable, match=r"leaks.csv: this is a folder"):
        read_canonical_files([tmp_path], workspace=tmp_path)


def test_procedures_with_a_header_only_are_refused(folder):
    with pytest.raises(SourceUnreadable, match=r"procedures.tsv: has a header and no record"):
        read_canonical_files([folder], workspace=folder)


def test_another_table_may_have_a_header_only(tmp_path):
    (tmp_path / "leaks.csv").write_text("procedure_id,level,route\n", encoding="utf-8")
    [leaks] = read_canonical_files([tmp_path], workspace=tmp_path)
    assert (leaks.table, leaks.records) == ("leaks", 0)


def test_columns_of_the_table_pass_in_any_order(tmp_path):
    check_columns(read("route,level,procedure_id,symptomatic\n", tmp_path))


def test_missing_required_columns_are_named(tmp_path):
    with pytest.raises(SourceUnreadable) as refusal:
        check_columns(read("procedure_id, Route\nP1,epidural\n", tmp_path))
    assert "leaks.csv, line 1: required column 'level', 'route' are missing" in str(refusal.value)
    assert "(' Route': mind blanks and capitals)" in str(refusal.value)


def test_unknown_columns_are_named(tmp_path):
    with pytest.raises(SourceUnreadable, match="'side' is not part of table leaks"):
        check_columns(read("procedure_id,level,route,side\n", tmp_path))
