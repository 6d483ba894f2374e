"""A file of each broken kind gets its exit code and one clear message, and changes nothing."""

import codecs
import shutil

import pytest

from cli.main import main
from etl.pipeline import load
from etl.synthesize import synthesize, write_sample
from warehouse.settings import Settings
from warehouse.snapshot import read_pointer


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a folder of sound records and a warehouse that has them."""
    folder = tmp_path_factory.mktemp("published")
    write_sample(synthesize(40, 5, bad_rows=False), folder / "records")
    warehouse = folder / "x.warehouse"
    load([folder / "records"], Settings(warehouse, max_refused=0.5))
    return folder / "records", warehouse


@pytest.fixture
def try_load(published, tmp_path, capsys):
    """Return a function that loads the records with procedures.csv replaced by some bytes."""
    records, warehouse = published

    def attempt(content: bytes | None, *options: str):
        folder = tmp_path / "records"
        shutil.copytree(records, folder)
        target = folder / "procedures.csv"
        target.unlink()
        if content is None:
            target.mkdir()
        else:
            target.write_bytes(content)
        before = read_pointer(warehouse)
        code = main(["load", str(folder), "--warehouse", str(warehouse), *options])
        assert read_pointer(warehouse) == before
        message = capsys.readouterr().err
        assert "Traceback" not in message
        return code, message

    return attempt


@pytest.fixture(scope="module")
def sound(published):
    return (published[0] / "procedures.csv").read_bytes()


def test_a_wrong_header_names_the_missing_columns(try_load, sound):
    code, message = try_load(sound.replace(b"technique,", b"method,", 1))
    assert code == 2
    assert "procedures.csv" in message
    assert "technique" in message


def test_a_wrong_delimiter_is_told_from_the_header(try_load, sound):
    code, message = try_load(sound.replace(b",", b";"))
    assert code == 2
    assert "';'" in message or "semicolon" in message


def test_a_nul_is_refused_with_its_line(try_load, sound):
    lines = sound.splitlines(keepends=True)
    lines[3] = lines[3].replace(b",", b",\x00", 1)
    code, message = try_load(b"".join(lines))
    assert code == 2
    assert "line 4" in message


def test_latin_1_says_save_as_utf_8(try_load, sound):
    code, message = try_load(sound + "P\u00e9,".encode("latin-1"))
    assert code == 2
    assert "UTF-8" in message


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8], ids=["nothing", "only a mark"])
def test_an_empty_file_says_so(try_load, content):
    code, message = try_load(content)
    assert code == 2
    assert "empty" in message


def test_a_header_without_records_says_so(try_load, sound):
    code, message = try_load(sound.splitlines(keepends=True)[0])
    assert code == 2
    assert "procedures.csv" in message
    assert "no record" in message or "header" in message


def test_a_folder_in_place_of_a_file_says_so(try_load):
    code, message = try_load(None)
    assert code == 2
    assert "procedures.csv" in message
    assert "folder" in message


def test_a_binary_file_is_refused(try_load):
    code, message = try_load(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    assert code == 2
    assert "procedures.csv" in message


def test_an_endless_line_stops_at_the_limit(try_load, sound):
    code, message = try_load(sound + b"a" * (3 << 20))
    assert code == 2
    assert "procedures.csv" in message
    assert "1 MiB" in message or "1,048,576" in message


def test_an_open_quote_is_refused_with_its_line(try_load, sound):
    count = len(sound.splitlines())
    code, message = try_load(sound + b'"C999999,P999999,A\n')
    assert code == 2
    assert f"line {count + 1}" in message


def test_ragged_records_beyond_the_threshold_are_refused(try_load, sound):
    lines = sound.splitlines(keepends=True)
    short = [line.rsplit(b",", 1)[0] + b"\n" for line in lines[1:12]]
    code, message = try_load(b"".join([lines[0], *short, *lines[12:]]))
    assert code == 4
    assert "procedures" in message


def test_one_delimiter_too_many_with_an_empty_last_field_never_shifts(try_load, sound, published):
    lines = sound.splitlines(keepends=True)
    shifted = b"C900001," + lines[1].split(b",", 1)[1].rstrip(b"\n") + b",\n"
    code, message = try_load(sound + shifted, "--dry-run", "--json")
    assert code == 0
    assert "fields" in message


def test_utf_16_with_a_mark_is_read(try_load, sound, published):
    code, message = try_load(sound.decode().encode("utf-16"), "--max-refused", "0.5")
    assert code == 0
    assert "Nothing changed" in message
